// MessageEvent as a script constructs it.

test('W4', 'MessageEvent has its defaults', async () => {
  const event = new MessageEvent('message');
  equal(
    [event.type, event.data, event.origin, event.lastEventId, event.source],
    ['message', null, '', '', null],
  );
  equal(
    [event.bubbles, event.cancelable, event.composed, event.isTrusted],
    [false, false, false, false],
  );
});

test('W4', 'MessageEvent takes data, origin and lastEventId', async () => {
  const data = {};
  const event = new MessageEvent('x', { data, origin: 'ws://a', lastEventId: '7' });
  equal([event.data === data, event.origin, event.lastEventId], [true, 'ws://a', '7']);
});

test('W4', 'data may be anything', async () => {
  const symbol = Symbol('a');
  for (const data of ['', 0, false, symbol, 1n, undefined]) {
    equal(new MessageEvent('x', { data }).data, data === undefined ? null : data);
  }
});

test('W4', 'origin is converted to a string without lone surrogates', async () => {
  equal(new MessageEvent('x', { origin: '\uDC00' }).origin, '\uFFFD');
  equal(new MessageEvent('x', { origin: null }).origin, 'null');
});

test('W4', 'MessageEvent needs a type and new', async () => {
  throws(TypeError, () => new MessageEvent());
  throws(TypeError, () => MessageEvent('message'));
});

test('W4', 'a dictionary for a MessageEvent that is no object is a TypeError', async () => {
  throws(TypeError, () => new MessageEvent('x', 1));
  throws(TypeError, () => new MessageEvent('x', 'data'));
});

test('W4', 'ports is a frozen array, the same each time', async () => {
  const { ports } = new MessageEvent('x');
  equal(Array.isArray(ports) && ports.length === 0 && Object.isFrozen(ports), true);
  const event = new MessageEvent('x');
  equal(event.ports === event.ports, true);
});

test('W4', 'initMessageEvent sets what the constructor sets', async () => {
  const event = new MessageEvent('x');
  event.initMessageEvent('y', true, true, 'data', 'ws://a', '7');
  equal(
    [event.type, event.bubbles, event.cancelable, event.data, event.origin, event.lastEventId],
    ['y', true, true, 'data', 'ws://a', '7'],
  );
  event.initMessageEvent('z');
  equal(
    [event.type, event.bubbles, event.cancelable, event.data, event.origin, event.lastEventId],
    ['z', false, false, null, '', ''],
  );
  throws(TypeError, () => event.initMessageEvent());
});

test('W4', 'a MessageEvent is an Event, with its own tag', async () => {
  const event = new MessageEvent('x');
  truthy(event instanceof Event, 'an Event');
  equal(Object.prototype.toString.call(event), '[object MessageEvent]');
});
