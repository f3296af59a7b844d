// A WebSocket as an EventTarget: listeners, and events that scripts dispatch.

/** A socket that never sees an event by itself while a case runs. */
async function quiet(t) {
  const peer = await t.peer(['go'], ['accept']);
  return t.socket(peer.url);
}

test('W6', 'listeners run in the order in which they were added', async (t) => {
  const socket = await quiet(t);
  const log = [];
  socket.addEventListener('x', () => log.push(1));
  socket.addEventListener('x', () => log.push(2), true);
  socket.addEventListener('x', () => log.push(3));
  socket.dispatchEvent(new Event('x'));
  equal([...log].sort(), [1, 2, 3], 'all of them');
  equal(
    log.filter((each) => each !== 2),
    [1, 3],
    'those without capture',
  );
});

test('W6', 'capturing listeners run before the others', async (t) => {
  const socket = await quiet(t);
  const log = [];
  socket.addEventListener('x', () => log.push('bubble'));
  socket.addEventListener('x', () => log.push('capture'), { capture: true });
  socket.dispatchEvent(new Event('x'));
  equal(log, ['capture', 'bubble']);
});

test('W6', 'a listener may be an object with handleEvent', async (t) => {
  const socket = await quiet(t);
  const seen = [];
  const listener = {
    handleEvent(event) {
      seen.push(this === listener, event.type);
    },
  };
  socket.addEventListener('x', listener);
  socket.dispatchEvent(new Event('x'));
  equal(seen, [true, 'x']);
});

test('W6', 'handleEvent is looked up at each event', async (t) => {
  const socket = await quiet(t);
  const log = [];
  const listener = {};
  socket.addEventListener('x', listener);
  listener.handleEvent = () => log.push(1);
  socket.dispatchEvent(new Event('x'));
  listener.handleEvent = () => log.push(2);
  socket.dispatchEvent(new Event('x'));
  equal(log, [1, 2]);
});

test('W6', 'a listener without a callable handleEvent is reported', async (t) => {
  const socket = await quiet(t);
  socket.addEventListener('x', {});
  equal(socket.dispatchEvent(new Event('x')), true);
  const [error] = await t.reported();
  equal(error.constructor, TypeError);
});

test('W6', 'the same listener is added once', async (t) => {
  const socket = await quiet(t);
  let calls = 0;
  const listener = () => calls++;
  socket.addEventListener('x', listener);
  socket.addEventListener('x', listener);
  socket.addEventListener('x', listener, { once: true });
  socket.dispatchEvent(new Event('x'));
  equal(calls, 1);
  socket.addEventListener('x', listener, true);
  socket.dispatchEvent(new Event('x'));
  equal(calls, 3, 'calls with a capturing one beside it');
});

test('W6', 'a listener with once runs once', async (t) => {
  const socket = await quiet(t);
  let calls = 0;
  socket.addEventListener('x', () => calls++, { once: true });
  socket.dispatchEvent(new Event('x'));
  socket.dispatchEvent(new Event('x'));
  equal(calls, 1);
});

test('W6', 'a listener with once is gone before it runs', async (t) => {
  const socket = await quiet(t);
  let calls = 0;
  socket.addEventListener(
    'x',
    () => {
      if (calls++ === 0) {
        socket.dispatchEvent(new Event('x'));
      }
    },
    { once: true },
  );
  socket.dispatchEvent(new Event('x'));
  equal(calls, 1);
});

test('W6', 'removeEventListener removes', async (t) => {
  const socket = await quiet(t);
  let calls = 0;
  const listener = () => calls++;
  socket.addEventListener('x', listener);
  socket.removeEventListener('x', listener, true);
  socket.dispatchEvent(new Event('x'));
  equal(calls, 1, 'calls after another one was removed');
  socket.removeEventListener('x', listener);
  socket.dispatchEvent(new Event('x'));
  equal(calls, 1, 'calls after it was removed');
});

test('W6', 'an aborted signal removes its listeners', async (t) => {
  const socket = await quiet(t);
  let calls = 0;
  const controller = new AbortController();
  socket.addEventListener('x', () => calls++, { signal: controller.signal });
  socket.dispatchEvent(new Event('x'));
  controller.abort();
  socket.dispatchEvent(new Event('x'));
  socket.addEventListener('x', () => calls++, { signal: controller.signal });
  socket.dispatchEvent(new Event('x'));
  equal(calls, 1);
});

test('W6', 'a signal that is none is a TypeError', async (t) => {
  const socket = await quiet(t);
  throws(TypeError, () => socket.addEventListener('x', () => {}, { signal: null }));
  throws(TypeError, () => socket.addEventListener('x', () => {}, { signal: {} }));
});

test(
  'W6',
  'preventDefault works on what can be cancelled, not in a passive listener',
  async (t) => {
    const socket = await quiet(t);
    socket.addEventListener('x', (event) => event.preventDefault());
    equal(socket.dispatchEvent(new Event('x', { cancelable: true })), false, 'cancelable');
    equal(socket.dispatchEvent(new Event('x')), true, 'not cancelable');
    socket.addEventListener('y', (event) => event.preventDefault(), { passive: true });
    equal(socket.dispatchEvent(new Event('y', { cancelable: true })), true, 'passive');
  },
);

test('W6', 'stopImmediatePropagation keeps further listeners from running', async (t) => {
  const socket = await quiet(t);
  const log = [];
  socket.addEventListener('x', (event) => {
    log.push(1);
    event.stopImmediatePropagation();
  });
  socket.addEventListener('x', () => log.push(2));
  socket.dispatchEvent(new Event('x'));
  equal(log, [1]);
});

test('W6', 'stopPropagation lets the listeners of the same target run', async (t) => {
  const socket = await quiet(t);
  const log = [];
  socket.addEventListener('x', (event) => {
    log.push(1);
    event.stopPropagation();
  });
  socket.addEventListener('x', () => log.push(2));
  socket.dispatchEvent(new Event('x'));
  equal(log, [1, 2]);
});

test('W6', 'a listener added during the dispatch waits for the next event', async (t) => {
  const socket = await quiet(t);
  let calls = 0;
  socket.addEventListener('x', () => socket.addEventListener('x', () => calls++), { once: true });
  socket.dispatchEvent(new Event('x'));
  equal(calls, 0, 'calls during the first');
  socket.dispatchEvent(new Event('x'));
  equal(calls, 1, 'calls during the second');
});

test('W6', 'a listener removed during the dispatch does not run', async (t) => {
  const socket = await quiet(t);
  const second = () => fail('called');
  let failed = false;
  const guarded = () => {
    failed = true;
    second();
  };
  socket.addEventListener('x', () => socket.removeEventListener('x', guarded));
  socket.addEventListener('x', guarded);
  socket.dispatchEvent(new Event('x'));
  equal(failed, false);
});

test('W6', 'a rejected promise of a listener is reported', async (t) => {
  const thrown = new Error('in a listener, later');
  const socket = await quiet(t);
  socket.addEventListener('x', async () => {
    throw thrown;
  });
  socket.dispatchEvent(new Event('x'));
  equal(await t.reported(), [thrown]);
});

test('W6', 'an event cannot be dispatched within its own dispatch', async (t) => {
  const socket = await quiet(t);
  const event = new Event('x');
  let result;
  socket.addEventListener('x', () => {
    result = throws('InvalidStateError', () => socket.dispatchEvent(event)).name;
  });
  socket.dispatchEvent(event);
  equal(result, 'InvalidStateError');
});

test('W6', 'an event can be dispatched again', async (t) => {
  const socket = await quiet(t);
  let calls = 0;
  socket.addEventListener('x', () => calls++);
  const event = new Event('x');
  socket.dispatchEvent(event);
  socket.dispatchEvent(event);
  equal(calls, 2);
});

test('W6', 'dispatchEvent takes events alone', async (t) => {
  const socket = await quiet(t);
  throws(TypeError, () => socket.dispatchEvent());
  throws(TypeError, () => socket.dispatchEvent(null));
  throws(TypeError, () => socket.dispatchEvent({ type: 'x' }));
});

test('W6', 'addEventListener needs a type and a callback', async (t) => {
  const socket = await quiet(t);
  throws(TypeError, () => socket.addEventListener());
  throws(TypeError, () => socket.addEventListener('x'));
  throws(TypeError, () => socket.addEventListener('x', 1));
  throws(TypeError, () => socket.removeEventListener('x'));
  equal(socket.addEventListener('x', null), undefined, 'a callback of null');
  equal(socket.removeEventListener('x', null), undefined, 'and its removal');
});

test('W6', 'the type of an event is converted to a string and compared exactly', async (t) => {
  const socket = await quiet(t);
  const log = [];
  socket.addEventListener(null, () => log.push('null'));
  socket.addEventListener('Open', () => log.push('Open'));
  socket.dispatchEvent(new Event('null'));
  socket.dispatchEvent(new Event('open'));
  equal(log, ['null']);
});
