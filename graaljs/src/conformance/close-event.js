// CloseEvent as a script constructs it.

test('W5', 'CloseEvent has the defaults 0, "" and false', async () => {
  const event = new CloseEvent('close');
  equal([event.type, event.code, event.reason, event.wasClean], ['close', 0, '', false]);
  equal(
    [event.bubbles, event.cancelable, event.composed, event.isTrusted],
    [false, false, false, false],
  );
});

test('W5', 'CloseEvent takes code, reason and wasClean', async () => {
  const event = new CloseEvent('x', { code: 4000, reason: 'grüße', wasClean: true });
  equal([event.type, event.code, event.reason, event.wasClean], ['x', 4000, 'grüße', true]);
});

test('W5', 'CloseEvent takes what every event takes', async () => {
  const event = new CloseEvent('x', { bubbles: true, cancelable: true, composed: true });
  equal([event.bubbles, event.cancelable, event.composed], [true, true, true]);
});

test('W5', 'CloseEvent needs a type', async () => {
  throws(TypeError, () => new CloseEvent());
});

test('W5', 'CloseEvent needs new', async () => {
  throws(TypeError, () => CloseEvent('close'));
});

test('W5', 'the type of a CloseEvent is converted to a string', async () => {
  equal(new CloseEvent(undefined).type, 'undefined');
  equal(new CloseEvent(1).type, '1');
  throws(TypeError, () => new CloseEvent(Symbol('close')));
});

test('W5', 'undefined and null stand for no dictionary', async () => {
  equal(new CloseEvent('x', undefined).code, 0);
  equal(new CloseEvent('x', null).code, 0);
});

test('W5', 'a dictionary that is no object is a TypeError', async () => {
  for (const value of [1, 'code', true, Symbol('a'), 1n]) {
    throws(TypeError, () => new CloseEvent('x', value));
  }
});

test('W5', 'any object serves as dictionary, what it inherits included', async () => {
  equal(new CloseEvent('x', Object.create({ code: 7 })).code, 7);
  equal(
    new CloseEvent(
      'x',
      Object.assign(() => {}, { code: 8 }),
    ).code,
    8,
  );
  equal(new CloseEvent('x', []).code, 0);
});

test('W5', 'members that are undefined take their defaults', async () => {
  const event = new CloseEvent('x', { code: undefined, reason: undefined, wasClean: undefined });
  equal([event.code, event.reason, event.wasClean], [0, '', false]);
});

test('W5', 'code is an unsigned short: modulo 65536', async () => {
  for (const [value, code] of [
    [65535, 65535],
    [65536, 0],
    [66536, 1000],
    [-1, 65535],
    [1000.9, 1000],
    [-0.5, 0],
    ['1001', 1001],
    [null, 0],
    [NaN, 0],
    [Infinity, 0],
    ['x', 0],
    [true, 1],
    [[5], 5],
  ]) {
    equal(new CloseEvent('x', { code: value }).code, code, `code ${String(value)}`);
  }
});

test('W5', 'a symbol or a bigint as code of a CloseEvent is a TypeError', async () => {
  throws(TypeError, () => new CloseEvent('x', { code: Symbol('1') }));
  throws(TypeError, () => new CloseEvent('x', { code: 1n }));
});

test('W5', 'reason is converted to a string without lone surrogates', async () => {
  for (const [value, reason] of [
    [null, 'null'],
    [1, '1'],
    ['\uD800a', '\uFFFDa'],
    [{}, '[object Object]'],
  ]) {
    equal(new CloseEvent('x', { reason: value }).reason, reason);
  }
});

test('W5', 'wasClean is converted to a boolean', async () => {
  for (const [value, wasClean] of [
    [1, true],
    ['', false],
    [null, false],
    [{}, true],
    ['false', true],
  ]) {
    equal(new CloseEvent('x', { wasClean: value }).wasClean, wasClean);
  }
});

test('W5', 'a reason in the event may be longer than one on the wire', async () => {
  equal(new CloseEvent('x', { reason: 'x'.repeat(200) }).reason.length, 200);
});

test('W5', 'members are read in order: first those of Event, each by its name', async () => {
  const log = [];
  const init = new Proxy(
    {},
    {
      get(target, name) {
        log.push(name);
        return undefined;
      },
    },
  );
  new CloseEvent('x', init);
  equal(log, ['bubbles', 'cancelable', 'composed', 'code', 'reason', 'wasClean']);
});

test('W5', 'what a member throws is thrown on', async () => {
  const thrown = new Error('mine');
  throws(
    thrown,
    () =>
      new CloseEvent('x', {
        get reason() {
          throw thrown;
        },
      }),
  );
});

test('W5', 'code, reason and wasClean ignore assignment, and throw in strict code', async () => {
  const event = new CloseEvent('x', { code: 1 });
  event.code = 2;
  equal(event.code, 1);
  throws(TypeError, () => {
    'use strict';
    event.code = 2;
  });
});

test('W5', 'a CloseEvent is an Event, with its own tag', async () => {
  const event = new CloseEvent('x');
  truthy(event instanceof Event, 'an Event');
  equal(Object.prototype.toString.call(event), '[object CloseEvent]');
});

test('W5', 'CloseEvent can be extended', async () => {
  class Mine extends CloseEvent {
    get twice() {
      return this.code * 2;
    }
  }
  const event = new Mine('x', { code: 21 });
  equal([event.twice, event instanceof CloseEvent, event.constructor === Mine], [42, true, true]);
});

test('W5', 'a CloseEvent can be dispatched', async () => {
  const target = new EventTarget();
  let seen;
  target.addEventListener('close', ({ code, reason }) => {
    seen = [code, reason];
  });
  target.dispatchEvent(new CloseEvent('close', { code: 4000, reason: 'mine' }));
  equal(seen, [4000, 'mine']);
});
