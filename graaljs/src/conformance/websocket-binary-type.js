// binaryType, and what bytes become.

test('W1', 'binaryType is "blob" at first', async (t) => {
  const peer = await t.peer(['accept']);
  equal(t.socket(peer.url).binaryType, 'blob');
});

test('W1', 'binaryType can be set in every state', async (t) => {
  const peer = await t.peer(['accept'], ['close', 1000]);
  const socket = t.socket(peer.url);
  const events = t.events(socket);
  socket.binaryType = 'arraybuffer';
  equal(socket.binaryType, 'arraybuffer', 'while CONNECTING');
  await events.next('open');
  socket.binaryType = 'blob';
  equal(socket.binaryType, 'blob', 'while OPEN');
  await events.clean(1000, '');
  socket.binaryType = 'arraybuffer';
  equal(socket.binaryType, 'arraybuffer', 'while CLOSED');
});

test('W1', 'another binaryType is ignored without an error', async (t) => {
  const peer = await t.peer(['accept']);
  const socket = t.socket(peer.url);
  for (const value of ['ArrayBuffer', 'BLOB', '', ' blob', 'text', null, undefined, 7, {}]) {
    socket.binaryType = 'arraybuffer';
    socket.binaryType = value;
    equal(socket.binaryType, 'arraybuffer');
  }
});

test('W1', 'binaryType is converted to a string', async (t) => {
  const peer = await t.peer(['accept']);
  const socket = t.socket(peer.url);
  socket.binaryType = { toString: () => 'arraybuffer' };
  equal(socket.binaryType, 'arraybuffer');
  throws(TypeError, () => {
    socket.binaryType = Symbol('blob');
  });
});

test('W1 W4', 'bytes are a Blob by default', async (t) => {
  const { events } = await t.opened(['binary', '00ff80']);
  const { data } = await events.next('message');
  truthy(data instanceof Blob, 'a Blob');
  equal([data.size, data.type], [3, '']);
  equal([...new Uint8Array(await data.arrayBuffer())], [0, 255, 128]);
});

test('W1 W4', 'bytes are an ArrayBuffer where that is asked for', async (t) => {
  const peer = await t.peer(['accept'], ['binary', '00ff80']);
  const socket = t.socket(peer.url);
  socket.binaryType = 'arraybuffer';
  const events = t.events(socket);
  await events.next('open');
  const { data } = await events.next('message');
  truthy(data instanceof ArrayBuffer, 'an ArrayBuffer');
  equal([...new Uint8Array(data)], [0, 255, 128]);
});

test('W1 W4', 'text is a string whatever binaryType says', async (t) => {
  const peer = await t.peer(['accept'], ['text', 'a']);
  const socket = t.socket(peer.url);
  socket.binaryType = 'arraybuffer';
  const events = t.events(socket);
  await events.next('open');
  equal((await events.next('message')).data, 'a');
});

test('W1 W4', 'binaryType counts when the message arrives', async (t) => {
  const { socket, peer, events } = await t.opened(
    ['go'],
    ['binary', '01'],
    ['go'],
    ['binary', '02'],
  );
  socket.binaryType = 'arraybuffer';
  await peer.go();
  truthy((await events.next('message')).data instanceof ArrayBuffer, 'an ArrayBuffer');
  socket.binaryType = 'blob';
  await peer.go();
  truthy((await events.next('message')).data instanceof Blob, 'a Blob');
});

test('W1 W4', 'each message has a buffer of its own', async (t) => {
  const peer = await t.peer(['accept'], ['binary', '01'], ['binary', '02']);
  const socket = t.socket(peer.url);
  socket.binaryType = 'arraybuffer';
  const events = t.events(socket);
  await events.next('open');
  const { data: one } = await events.next('message');
  new Uint8Array(one).fill(9);
  const { data: two } = await events.next('message');
  equal([...new Uint8Array(two)], [2]);
});
