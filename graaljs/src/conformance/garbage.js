// Garbage collection: a connection that is not closed lives on, whoever refers to it.

test('W6', 'a socket that nobody refers to gets its events', async (t) => {
  const peer = await t.peer(['go'], ['accept'], ['go'], ['text', 'still here'], ['close', 1000]);
  const log = [];
  const done = new Promise((resolve) => {
    (() => {
      const socket = new WebSocket(peer.url);
      socket.onopen = () => log.push('open');
      socket.onmessage = ({ data }) => log.push(data);
      socket.onclose = ({ code }) => {
        log.push(code);
        resolve();
      };
    })();
  });
  await t.collectGarbage();
  await peer.go();
  await t.collectGarbage();
  await peer.go();
  await done;
  equal(log, ['open', 'still here', 1000]);
});

test('W2 W3', 'what a socket that nobody refers to has sent arrives, and its Close', async (t) => {
  const peer = await t.peer(['accept'], ['go'], ['answerClose']);
  const bytes = 8 << 20;
  await new Promise((resolve) => {
    const socket = new WebSocket(peer.url);
    socket.onopen = () => {
      socket.send(new Uint8Array(bytes));
      socket.close(4000, 'gone');
      socket.onopen = null;
      resolve();
    };
  });
  await t.collectGarbage();
  await peer.go();
  const { frames } = await peer.seen();
  const sum = frames.slice(0, -1).reduce((total, { length }) => total + length, 0);
  equal([sum, frames.at(-1).code], [bytes, 4000]);
});

test('S12', 'a write that waits arrives though nobody refers to its stream', async (t) => {
  const peer = await t.peer(['accept'], ['go'], ['answerClose']);
  const bytes = 8 << 20;
  let written = false;
  await (async () => {
    const { writable } = await new WebSocketStream(peer.url).opened;
    const writer = writable.getWriter();
    writer.write(new Uint8Array(bytes)).then(() => {
      written = true;
    });
    writer.close();
  })();
  await t.collectGarbage();
  equal(written, false, 'written before the peer reads');
  await peer.go();
  const { frames } = await peer.seen();
  const sum = frames.slice(0, -1).reduce((total, { length }) => total + length, 0);
  equal([sum, frames.at(-1).opcode, written], [bytes, 8, true]);
});

test(
  'S7 S19',
  'a read that waits and closed settle though nobody refers to the stream',
  async (t) => {
    const peer = await t.peer(['accept'], ['go'], ['text', 'late'], ['close', 4000, 'bye']);
    const { read, closed } = await (async () => {
      const stream = new WebSocketStream(peer.url);
      const { readable } = await stream.opened;
      return { read: readable.getReader().read(), closed: stream.closed };
    })();
    await t.collectGarbage();
    await peer.go();
    equal(await read, { value: 'late', done: false });
    await t.collectGarbage();
    equal(await closed, { closeCode: 4000, reason: 'bye' });
  },
);
