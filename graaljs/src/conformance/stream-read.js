// The readable of a WebSocketStream.

test('S7', 'a text message is a chunk that is a string', async (t) => {
  const { readable } = await t.openedStream(['text', 'grüße']);
  equal(await readable.getReader().read(), { value: 'grüße', done: false });
});

test('S7', 'a binary message is a chunk of bytes', async (t) => {
  const { readable } = await t.openedStream(['binary', '00ff80']);
  const { value } = await readable.getReader().read();
  equal([...new Uint8Array(value)], [0, 255, 128]);
});

test('S7', 'a binary message is a Uint8Array', async (t) => {
  const { readable } = await t.openedStream(['binary', '00ff80']);
  const { value } = await readable.getReader().read();
  equal(Object.prototype.toString.call(value), '[object Uint8Array]');
});

test('S7', 'a message in fragments is one chunk', async (t) => {
  const { readable } = await t.openedStream(['hex', '01 02 67c3 00 01 bc 80 03 c39f65']);
  equal((await readable.getReader().read()).value, 'gü\u00DFe');
});

test('S7', 'empty messages are chunks too', async (t) => {
  const { readable } = await t.openedStream(['text', ''], ['binary', ''], ['text', 'end']);
  const reader = readable.getReader();
  equal((await reader.read()).value, '');
  equal((await reader.read()).value.byteLength, 0);
  equal((await reader.read()).value, 'end');
});

test('S8', 'messages that wait for their reader keep their order', async (t) => {
  const { readable } = await t.openedStream(['numbers', 300]);
  await t.roundTrip();
  const reader = readable.getReader();
  for (let i = 0; i < 300; i++) {
    equal((await reader.read()).value, String(i));
  }
});

test('S8', 'a megabyte that comes before the reader is read whole', async (t) => {
  const block = '00'.repeat(65535);
  const { readable } = await t.openedStream(
    ...Array.from({ length: 16 }, () => ['hex', `82 7e ffff ${block}`]),
    ['close', 1000],
  );
  await t.roundTrip();
  let bytes = 0;
  for await (const chunk of readable) {
    bytes += chunk.byteLength;
  }
  equal(bytes, 16 * 65535);
});

test('S8', 'a server is held back while nobody reads, and let go by reading', async (t) => {
  const { readable, writable, stream } = await (async () => {
    const stream = t.stream(`${conformance.echo}/echo`);
    return { stream, ...(await stream.opened) };
  })();
  const writer = writable.getWriter();
  const block = new Uint8Array(1 << 20);
  // The echo is held back by this reader, so it stops reading, so these writes wait.
  const writes = Array.from({ length: 32 }, () => writer.write(block));
  equal(await t.isSettled(writes.at(-1)), false, 'settled before anything is read');
  const reader = readable.getReader();
  for (let bytes = 0; bytes < 32 << 20;) {
    bytes += (await reader.read()).value.byteLength;
  }
  await Promise.all(writes);
  stream.close();
  await stream.closed;
});

test('S7', 'a readable can be iterated', async (t) => {
  const { readable } = await t.openedStream(['numbers', 3], ['close', 1000]);
  const all = [];
  for await (const chunk of readable) {
    all.push(chunk);
  }
  equal(all, ['0', '1', '2']);
});

test('S7', 'a readable can be piped', async (t) => {
  const { readable } = await t.openedStream(['numbers', 3], ['close', 1000]);
  const all = [];
  await readable
    .pipeThrough(
      new TransformStream({ transform: (chunk, controller) => controller.enqueue(`<${chunk}>`) }),
    )
    .pipeTo(new WritableStream({ write: (chunk) => void all.push(chunk) }));
  equal(all, ['<0>', '<1>', '<2>']);
});

test('S9', 'a clean close closes the readable after the messages before it', async (t) => {
  const { readable } = await t.openedStream(['numbers', 2], ['close', 1000]);
  const reader = readable.getReader();
  equal((await reader.read()).value, '0');
  equal((await reader.read()).value, '1');
  equal(await reader.read(), { value: undefined, done: true });
  equal(await reader.closed, undefined);
});

test('S9', 'an unclean close errors the readable with the error of closed', async (t) => {
  const { readable, stream } = await t.openedStream(['end']);
  const error = await rejects(WebSocketError, stream.closed);
  equal(error.closeCode, 1006, 'closeCode');
  const reader = readable.getReader();
  await rejects(error, reader.read());
  await rejects(error, reader.closed);
});

test('S9', 'a read that waits rejects with the error of closed', async (t) => {
  const { readable, stream, peer } = await t.openedStream(['go'], ['reset']);
  const read = readable.getReader().read();
  await peer.go();
  const error = await rejects(WebSocketError, stream.closed);
  await rejects(error, read);
});

test('S9', 'a violation of the protocol errors the readable', async (t) => {
  const { readable, stream } = await t.openedStream(['hex', '83 00'], ['readClose'], ['end']);
  const error = await rejects(WebSocketError, readable.getReader().read());
  await rejects(error, stream.closed);
  equal(error.closeCode, 1006, 'closeCode');
});

test('S10', 'cancel() closes with an empty Close frame', async (t) => {
  const { readable, stream, peer } = await t.openedStream(['answerClose']);
  await readable.cancel();
  await stream.closed;
  equal(
    (await peer.seen()).frames.map(({ opcode, length }) => [opcode, length]),
    [[8, 0]],
  );
});

test('S10', 'cancel() with a WebSocketError closes with its code and reason', async (t) => {
  const { readable, stream, peer } = await t.openedStream(['answerClose']);
  await readable.cancel(new WebSocketError('', { closeCode: 4001, reason: 'enough' }));
  equal(await stream.closed, { closeCode: 4001, reason: 'enough' });
  equal(
    (await peer.seen()).frames.map(({ code, reason }) => [code, reason]),
    [[4001, 'enough']],
  );
});

test(
  'S10',
  'cancel() with a WebSocketError without a code closes with an empty Close frame',
  async (t) => {
    const { readable, stream, peer } = await t.openedStream(['answerClose']);
    await readable.cancel(new WebSocketError('why'));
    await stream.closed;
    equal(
      (await peer.seen()).frames.map(({ length }) => length),
      [0],
    );
  },
);

test('S10', 'cancel() with any other reason closes with an empty Close frame', async (t) => {
  for (const reason of [
    { closeCode: 4001, reason: 'x' },
    new Error('x'),
    'x',
    4001,
    new DOMException('x', 'AbortError'),
  ]) {
    const { readable, stream, peer } = await t.openedStream(['answerClose']);
    await readable.cancel(reason);
    await stream.closed;
    equal(
      (await peer.seen()).frames.map(({ length }) => length),
      [0],
    );
  }
});

test('S10', 'leaving the iteration closes the connection', async (t) => {
  const { readable, stream } = await t.openedStream(['numbers', 3], ['answerClose']);
  for await (const chunk of readable) {
    equal(chunk, '0');
    break;
  }
  equal(await stream.closed, { closeCode: 1005, reason: '' });
});

test('S7', 'the readable has no byte reader', async (t) => {
  const { readable } = await t.openedStream();
  throws(TypeError, () => readable.getReader({ mode: 'byob' }));
});

test('S7', "a chunk of bytes is its receiver's own", async (t) => {
  const { readable } = await t.openedStream(['binary', '01'], ['binary', '01']);
  const reader = readable.getReader();
  new Uint8Array((await reader.read()).value).fill(7);
  equal([...new Uint8Array((await reader.read()).value)], [1]);
});

test('S9 S19', 'a read that waits sees the end before closed does', async (t) => {
  const { readable, stream, peer } = await t.openedStream(['go'], ['close', 1000]);
  const log = [];
  readable
    .getReader()
    .read()
    .then(({ done }) => log.push(done));
  stream.closed.then(({ closeCode }) => log.push(closeCode));
  await peer.go();
  await stream.closed;
  await t.nextTask();
  equal(log, [true, 1000]);
});

test('S9 S19', 'a loop of reads sees the end before closed does', async (t) => {
  const { readable, stream } = await t.openedStream(['numbers', 3], ['close', 1000]);
  const log = [];
  stream.closed.then(({ closeCode }) => log.push(closeCode));
  const reader = readable.getReader();
  for (let done = false; !done;) {
    const result = await reader.read();
    done = result.done;
    log.push(done ? 'end' : result.value);
  }
  await stream.closed;
  await t.nextTask();
  equal(log, ['0', '1', '2', 'end', 1000]);
});

test('S9 S19', 'a read that waits rejects before closed does', async (t) => {
  const { readable, stream, peer } = await t.openedStream(['go'], ['reset']);
  const log = [];
  readable
    .getReader()
    .read()
    .catch(() => log.push('read'));
  stream.closed.catch(() => log.push('closed'));
  await peer.go();
  await stream.closed.catch(() => {});
  await t.nextTask();
  equal(log, ['read', 'closed']);
});
