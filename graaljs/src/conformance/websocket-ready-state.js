// readyState, url, protocol and extensions over a connection's life.

test('W1', 'readyState is CONNECTING right after the constructor', async (t) => {
  const peer = await t.peer(['accept']);
  const socket = t.socket(peer.url);
  equal(socket.readyState, WebSocket.CONNECTING);
});

test('W1', 'readyState is OPEN in the open event', async (t) => {
  const peer = await t.peer(['accept']);
  const socket = t.socket(peer.url);
  const state = await new Promise((resolve) => {
    socket.onopen = () => resolve(socket.readyState);
  });
  equal(state, WebSocket.OPEN);
});

test('W1 W3', 'readyState is CLOSING right after close()', async (t) => {
  const { socket } = await t.opened();
  socket.close();
  equal(socket.readyState, WebSocket.CLOSING);
});

test('W1', 'readyState is CLOSED in the close event', async (t) => {
  const { socket } = await t.opened();
  const state = new Promise((resolve) => {
    socket.onclose = () => resolve(socket.readyState);
  });
  socket.close();
  equal(await state, WebSocket.CLOSED);
});

test('W1 W4', 'readyState is CLOSED in the error event of a failure', async (t) => {
  const peer = await t.peer(['answer', 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n']);
  const socket = t.socket(peer.url);
  const state = await new Promise((resolve) => {
    socket.onerror = () => resolve(socket.readyState);
  });
  equal(state, WebSocket.CLOSED);
});

test('W1', 'readyState stays CLOSED after close() on a closed socket', async (t) => {
  const { socket, events } = await t.opened(['close', 1000]);
  await events.clean(1000, '');
  socket.close();
  equal(socket.readyState, WebSocket.CLOSED);
});

test('W1', 'readyState is CLOSING in a message handler that called close()', async (t) => {
  const { socket, events } = await t.opened(['text', 'a']);
  await events.next('message');
  socket.close();
  await t.nextTask();
  truthy(socket.readyState >= WebSocket.CLOSING, 'CLOSING or CLOSED');
});

test('W1', 'protocol and extensions are empty before open', async (t) => {
  const peer = await t.peer(['accept', 'Sec-WebSocket-Protocol: chat']);
  const socket = t.socket(peer.url, 'chat');
  equal([socket.protocol, socket.extensions], ['', '']);
});

test('W1', 'protocol is the selected one from open on, also after the close', async (t) => {
  const peer = await t.peer(['accept', 'Sec-WebSocket-Protocol: chat'], ['close', 1000]);
  const socket = t.socket(peer.url, ['soap', 'chat']);
  const events = t.events(socket);
  await events.next('open');
  equal(socket.protocol, 'chat', 'when open');
  await events.clean(1000, '');
  equal(socket.protocol, 'chat', 'when closed');
});

test('W1', 'protocol and extensions stay empty where nothing was negotiated', async (t) => {
  const { socket } = await t.opened();
  equal([socket.protocol, socket.extensions], ['', '']);
});

test('W1', 'protocol stays empty where the connection fails', async (t) => {
  const peer = await t.peer(['accept', 'Sec-WebSocket-Protocol: soap']);
  const socket = t.socket(peer.url, 'chat');
  await t.events(socket).failure();
  equal(socket.protocol, '');
});

test('W1', 'url is the same in every state', async (t) => {
  const peer = await t.peer(['accept'], ['close', 1000]);
  const socket = t.socket(peer.url);
  const events = t.events(socket);
  equal(socket.url, peer.url, 'when connecting');
  await events.next('open');
  equal(socket.url, peer.url, 'when open');
  await events.clean(1000, '');
  equal(socket.url, peer.url, 'when closed');
});

test(
  'W1',
  'readyState, url, protocol, extensions and bufferedAmount ignore assignment',
  async (t) => {
    const { socket, peer } = await t.opened();
    socket.readyState = 3;
    socket.url = 'ws://elsewhere.example/';
    socket.protocol = 'x';
    socket.extensions = 'x';
    socket.bufferedAmount = 7;
    equal(
      [socket.readyState, socket.url, socket.protocol, socket.extensions, socket.bufferedAmount],
      [1, peer.url, '', '', 0],
    );
  },
);
