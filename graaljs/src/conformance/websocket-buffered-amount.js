// bufferedAmount: what counts, and when it falls.

/** Waits until all has gone to the network. */
async function drained(t, socket) {
  while (socket.bufferedAmount > 0) {
    await t.nextTask();
  }
}

test('W2', 'bufferedAmount is 0 at first', async (t) => {
  const peer = await t.peer(['accept']);
  equal(t.socket(peer.url).bufferedAmount, 0);
});

test('W2', 'text counts in bytes of UTF-8', async (t) => {
  const { socket } = await t.opened();
  socket.send('aü川\u{1F30A}');
  equal(socket.bufferedAmount, 1 + 2 + 3 + 4);
});

test('W2', 'a lone surrogate counts three bytes', async (t) => {
  const { socket } = await t.opened();
  socket.send('\uD800');
  equal(socket.bufferedAmount, 3);
});

test('W2', 'an empty message counts nothing', async (t) => {
  const { socket } = await t.opened();
  socket.send('');
  socket.send(new ArrayBuffer(0));
  equal(socket.bufferedAmount, 0);
});

test('W2', 'bytes count by what is sent of the buffer', async (t) => {
  const { socket } = await t.opened();
  socket.send(new ArrayBuffer(5));
  equal(socket.bufferedAmount, 5, 'an ArrayBuffer');
  socket.send(new Uint16Array(new ArrayBuffer(10), 2, 3));
  equal(socket.bufferedAmount, 11, 'and a typed array');
  socket.send(new DataView(new ArrayBuffer(10), 9));
  equal(socket.bufferedAmount, 12, 'and a DataView');
});

test('W2', 'a Blob counts by its size', async (t) => {
  const { socket } = await t.opened();
  socket.send(new Blob(['grüße']));
  equal(socket.bufferedAmount, 7);
});

test('W2', 'bufferedAmount only grows within a task', async (t) => {
  const { socket } = await t.opened();
  for (let i = 1; i <= 200; i++) {
    socket.send('0123456789');
    equal(socket.bufferedAmount, 10 * i);
  }
});

test('W2', 'bufferedAmount stays within the microtasks of a task', async (t) => {
  const { socket } = await t.opened();
  await t.nextTask();
  socket.send('0123456789');
  for (let i = 0; i < 200; i++) {
    await undefined;
  }
  equal(socket.bufferedAmount, 10);
});

test('W2', 'bufferedAmount falls to 0 as bytes go to the network', async (t) => {
  const { socket } = await t.opened();
  socket.send('x'.repeat(1000));
  socket.send(new Uint8Array(1000));
  await drained(t, socket);
  equal(socket.bufferedAmount, 0);
});

test('W2', 'bufferedAmount is 0 again when the echo has come', async (t) => {
  const socket = t.socket(`${conformance.echo}/echo`);
  const events = t.events(socket);
  await events.next('open');
  socket.send('hello');
  await events.next('message');
  await drained(t, socket);
  equal(socket.bufferedAmount, 0);
});

test('W2', 'bufferedAmount stays above 0 while the peer does not read', async (t) => {
  const { socket, peer } = await t.opened(['go'], ['answerClose']);
  const bytes = new Uint8Array(1 << 20);
  for (let i = 0; i < 32; i++) {
    socket.send(bytes);
  }
  equal(socket.bufferedAmount, 32 << 20, 'at first');
  await t.roundTrip();
  truthy(socket.bufferedAmount > 0, 'bytes that wait');
  await peer.go();
  await drained(t, socket);
});

test('W2', 'send() while CLOSING adds to bufferedAmount', async (t) => {
  const { socket } = await t.opened(['go']);
  await t.nextTask();
  socket.close();
  socket.send('grüße');
  equal(socket.bufferedAmount, 7);
  socket.send(new Uint8Array(3));
  equal(socket.bufferedAmount, 10);
});

test('W2', 'send() on a closed socket adds to bufferedAmount', async (t) => {
  const { socket, events } = await t.opened(['close', 1000]);
  await events.clean(1000, '');
  socket.send('grüße');
  equal(socket.bufferedAmount, 7, 'text');
  socket.send(new Uint8Array(3));
  equal(socket.bufferedAmount, 10, 'and bytes');
  socket.send(new Blob(['abcd']));
  equal(socket.bufferedAmount, 14, 'and a Blob');
});

test('W2', 'bufferedAmount never resets once the socket is closed', async (t) => {
  const { socket, events } = await t.opened(['close', 1000]);
  await events.clean(1000, '');
  socket.send('12345');
  await t.roundTrip();
  await t.nextTask();
  equal(socket.bufferedAmount, 5);
});

test('W2', 'what was sent while CLOSING is still counted in the close event', async (t) => {
  const { socket, events } = await t.opened(['answerClose']);
  await t.nextTask();
  socket.close();
  socket.send('12345');
  await events.next('close');
  equal(socket.bufferedAmount, 5);
});
