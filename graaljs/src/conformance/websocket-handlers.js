// The handler attributes of a WebSocket, and what becomes of their exceptions.

/** A socket that never sees an event by itself while a case runs. */
async function quiet(t) {
  const peer = await t.peer(['go'], ['accept']);
  return t.socket(peer.url);
}

test('W6', 'handlers are null at first', async (t) => {
  const socket = await quiet(t);
  equal(
    [socket.onopen, socket.onmessage, socket.onerror, socket.onclose],
    [null, null, null, null],
  );
});

test('W6', 'a handler is given back', async (t) => {
  const socket = await quiet(t);
  const handler = () => {};
  socket.onclose = handler;
  equal(socket.onclose, handler);
});

test('W6', 'a handler that is no object becomes null', async (t) => {
  const socket = await quiet(t);
  for (const value of [undefined, null, 1, 'alert(1)', true, Symbol('a')]) {
    socket.onopen = () => {};
    socket.onopen = value;
    equal(socket.onopen, null);
  }
});

test('W6', 'a handler that is an object without a call is kept and does nothing', async (t) => {
  const socket = await quiet(t);
  const object = { handleEvent: () => fail('called') };
  socket.onopen = object;
  equal(socket.onopen, object);
  equal(socket.dispatchEvent(new Event('open')), true);
});

test('W6', 'a dispatched event reaches the handler and is not trusted', async (t) => {
  const socket = await quiet(t);
  let seen;
  socket.onmessage = (event) => {
    seen = event;
  };
  const event = new MessageEvent('message', { data: 'mine' });
  equal(socket.dispatchEvent(event), true, 'result');
  equal([seen === event, event.isTrusted, event.target === socket], [true, false, true]);
});

test('W6', 'dispatching a close event closes nothing', async (t) => {
  const { socket } = await t.opened();
  socket.dispatchEvent(new CloseEvent('close', { code: 1000, wasClean: true }));
  equal(socket.readyState, WebSocket.OPEN);
});

test('W6', 'a handler runs in the order in which it was first set', async (t) => {
  const socket = await quiet(t);
  const log = [];
  socket.addEventListener('open', () => log.push('listener 1'));
  socket.onopen = () => log.push('replaced');
  socket.addEventListener('open', () => log.push('listener 2'));
  socket.onopen = () => log.push('handler');
  socket.dispatchEvent(new Event('open'));
  equal(log, ['listener 1', 'handler', 'listener 2']);
});

test('W6', 'a handler that was null in between goes to the end', async (t) => {
  const socket = await quiet(t);
  const log = [];
  socket.onopen = () => log.push('replaced');
  socket.addEventListener('open', () => log.push('listener'));
  socket.onopen = null;
  socket.onopen = () => log.push('handler');
  socket.dispatchEvent(new Event('open'));
  equal(log, ['listener', 'handler']);
});

test('W6', 'handlers and listeners are called with the socket as this', async (t) => {
  const socket = await quiet(t);
  const seen = [];
  socket.onopen = function (event) {
    seen.push(this === socket, event.currentTarget === socket, arguments.length);
  };
  socket.addEventListener('open', function () {
    seen.push(this === socket, arguments.length);
  });
  socket.dispatchEvent(new Event('open'));
  equal(seen, [true, true, 1, true, 1]);
});

test('W6', 'a handler that returns false cancels', async (t) => {
  const socket = await quiet(t);
  socket.onclose = () => false;
  equal(socket.dispatchEvent(new Event('close', { cancelable: true })), false);
  socket.onclose = () => undefined;
  equal(socket.dispatchEvent(new Event('close', { cancelable: true })), true);
});

test('W6', 'an exception in one listener does not stop the others, and is reported', async (t) => {
  const socket = await quiet(t);
  const log = [];
  const thrown = new Error('in a listener');
  socket.addEventListener('x', () => {
    log.push(1);
    throw thrown;
  });
  socket.addEventListener('x', () => log.push(2));
  equal(socket.dispatchEvent(new Event('x')), true, 'result');
  equal(log, [1, 2]);
  equal(await t.reported(), [thrown]);
});

test('W6', 'an exception in a handler does not disturb the connection', async (t) => {
  const thrown = new Error('in a handler');
  const peer = await t.peer(['accept'], ['numbers', 3], ['close', 1000]);
  const socket = t.socket(peer.url);
  socket.onopen =
    socket.onmessage =
    socket.onclose =
      () => {
        throw thrown;
      };
  const events = t.events(socket);
  equal(await events.types(), ['open', 'message', 'message', 'message', 'close']);
  equal(events.all.at(-1).wasClean, true, 'wasClean');
  await t.nextTask();
  equal((await t.reported()).length, 5, 'number of reports');
});
