// The writable of a WebSocketStream.

/** The data frame that arrives after a write. */
async function written(t, chunk) {
  const { writable, stream, peer } = await t.openedStream(['read', 1], ['close', 1000]);
  await writable.getWriter().write(chunk);
  await stream.closed;
  return (await peer.seen()).frames[0];
}

async function expectText(t, chunk, text) {
  const frame = await written(t, chunk);
  equal([frame.opcode, frame.text], [1, text]);
}

async function expectBinary(t, chunk, hex) {
  const frame = await written(t, chunk);
  equal([frame.opcode, frame.hex], [2, hex]);
}

test('S11', 'a string is written as text', (t) =>
  expectText(t, 'grüße \u{1F30A}', 'grüße \u{1F30A}'),
);

test('S11', 'lone surrogates are written as U+FFFD', (t) => expectText(t, 'a\uD800', 'a\uFFFD'));

test('S11', 'an empty string is written as an empty text', (t) => expectText(t, '', ''));

test('S11', 'a Uint8Array is written as bytes', (t) =>
  expectBinary(t, new Uint8Array([0, 255]), '00ff'),
);

test('S11', 'an ArrayBuffer is written as bytes', (t) =>
  expectBinary(t, new Uint8Array([1, 2]).buffer, '0102'),
);

test('S11', 'a part of a buffer is written as that part alone', (t) =>
  expectBinary(t, new Uint8Array([1, 2, 3, 4]).subarray(1, 3), '0203'),
);

test('S11', 'a DataView is written as its part', (t) =>
  expectBinary(t, new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 3), '04'),
);

test('S11', 'an empty Uint8Array is written as an empty message', (t) =>
  expectBinary(t, new Uint8Array(0), ''),
);

test('S11', 'a number is written as its string', (t) => expectText(t, 42, '42'));

test('S11', 'null and undefined are written as their strings', async (t) => {
  await expectText(t, null, 'null');
  await expectText(t, undefined, 'undefined');
});

test('S11', 'an object is written as its string', (t) =>
  expectText(t, { toString: () => 'me' }, 'me'),
);

test('S11', 'a Blob is written as its string', (t) =>
  expectText(t, new Blob(['a']), '[object Blob]'),
);

test('S11', 'what cannot become a string rejects the write and errors the writable', async (t) => {
  const { writable } = await t.openedStream();
  const writer = writable.getWriter();
  const error = await rejects(TypeError, writer.write(Symbol('a')));
  await rejects(error, writer.closed);
});

test('S11', 'what the conversion of a chunk throws rejects the write', async (t) => {
  const { writable } = await t.openedStream();
  const thrown = new Error('mine');
  await rejects(
    thrown,
    writable.getWriter().write({
      toString() {
        throw thrown;
      },
    }),
  );
});

test('S11', 'bytes are those at the time of the write', async (t) => {
  const { writable, stream, peer } = await t.openedStream(['read', 1], ['close', 1000]);
  const writer = writable.getWriter();
  await writer.ready;
  const bytes = new Uint8Array([1, 2, 3]);
  const write = writer.write(bytes);
  bytes.fill(9);
  await write;
  await stream.closed;
  equal((await peer.seen()).frames[0].hex, '010203');
});

test('S11', 'writes arrive in their order, without waiting between them', async (t) => {
  const { writable, stream, peer } = await t.openedStream(['read', 50], ['close', 1000]);
  const writer = writable.getWriter();
  const writes = Array.from({ length: 50 }, (_, i) => writer.write(String(i)));
  await Promise.all(writes);
  await stream.closed;
  equal(
    (await peer.seen()).frames.slice(0, 50).map(({ text }) => text),
    Array.from({ length: 50 }, (_, i) => String(i)),
  );
});

test('S12', 'a write to a peer that reads resolves with undefined', async (t) => {
  const { writable } = await t.openedStream(['read', 1]);
  equal(await writable.getWriter().write('a'), undefined);
});

test(
  'S12',
  'an 8 MiB message to a peer that does not read stays pending until it reads',
  async (t) => {
    const { writable, stream, peer } = await t.openedStream(['go'], ['answerClose']);
    const writer = writable.getWriter();
    const write = writer.write(new Uint8Array(8 << 20));
    equal(await t.isSettled(write), false, 'settled before the peer reads');
    equal(await t.isSettled(writer.ready), false, 'ready before the peer reads');
    await peer.go();
    await write;
    await writer.ready;
    stream.close();
    await stream.closed;
    const { frames } = await peer.seen();
    equal(
      frames.reduce((sum, { length }) => sum + length, 0),
      8 << 20,
      'bytes that have arrived',
    );
  },
);

test('S12', 'the high mark of the writable is one message', async (t) => {
  const { writable } = await t.openedStream();
  equal(writable.getWriter().desiredSize, 1);
});

test('S13', 'close() of the writable sends an empty Close frame', async (t) => {
  const { writable, peer } = await t.openedStream(['answerClose']);
  await writable.close();
  equal(
    (await peer.seen()).frames.map(({ opcode, length }) => [opcode, length]),
    [[8, 0]],
  );
});

test('S13', 'close() of the writable resolves only when the connection is closed', async (t) => {
  const { writable, stream, peer } = await t.openedStream(
    ['readClose'],
    ['go'],
    ['close', 1000],
    ['end'],
  );
  const closed = writable.close();
  equal(await t.isSettled(closed), false, 'settled before the peer answers');
  await peer.go();
  await closed;
  equal(await stream.closed, { closeCode: 1000, reason: '' });
});

test('S13', 'writes before close() of the writable go out before the Close frame', async (t) => {
  const { writable, peer } = await t.openedStream(['answerClose']);
  const writer = writable.getWriter();
  writer.write('a');
  writer.write('b');
  await writer.close();
  equal(
    (await peer.seen()).frames.map(({ opcode }) => opcode),
    [1, 1, 8],
  );
});

test('S13', 'abort() closes with an empty Close frame', async (t) => {
  const { writable, stream, peer } = await t.openedStream(['answerClose']);
  await writable.abort();
  await stream.closed;
  equal(
    (await peer.seen()).frames.map(({ opcode, length }) => [opcode, length]),
    [[8, 0]],
  );
});

test('S13 S10', 'abort() with a WebSocketError closes with its code and reason', async (t) => {
  const { writable, stream } = await t.openedStream(['answerClose']);
  await writable.abort(new WebSocketError('', { closeCode: 4001, reason: 'enough' }));
  equal(await stream.closed, { closeCode: 4001, reason: 'enough' });
});

test('S13 S10', 'abort() with a reason alone in the WebSocketError closes with 1000', async (t) => {
  const { writable, stream } = await t.openedStream(['answerClose']);
  await writable.abort(new WebSocketError('', { reason: 'enough' }));
  equal(await stream.closed, { closeCode: 1000, reason: 'enough' });
});

test('S13 S10', 'abort() with any other reason closes with an empty Close frame', async (t) => {
  const { writable, stream, peer } = await t.openedStream(['answerClose']);
  await writable.abort(new Error('x'));
  await stream.closed;
  equal(
    (await peer.seen()).frames.map(({ length }) => length),
    [0],
  );
});

test('S13a', 'a write after close() of the stream rejects with InvalidStateError', async (t) => {
  const { writable, stream } = await t.openedStream(['readClose'], ['go'], ['close', 1000]);
  const writer = writable.getWriter();
  await writer.ready;
  stream.close();
  await rejects('InvalidStateError', writer.write('late'));
});

test('S14', 'after a clean close the writable errors with InvalidStateError', async (t) => {
  const { writable, stream } = await t.openedStream(['close', 1000]);
  await stream.closed;
  const writer = writable.getWriter();
  await rejects('InvalidStateError', writer.closed);
  await rejects('InvalidStateError', writer.write('late'));
});

test('S14', 'after an unclean close the writable errors with the error of closed', async (t) => {
  const { writable, stream } = await t.openedStream(['reset']);
  const error = await rejects(WebSocketError, stream.closed);
  const writer = writable.getWriter();
  await rejects(error, writer.closed);
  await rejects(error, writer.write('late'));
});

test('S14', 'ready rejects with the error of closed', async (t) => {
  const { writable, stream, peer } = await t.openedStream(['go'], ['reset']);
  const writer = writable.getWriter();
  await writer.ready;
  await peer.go();
  const error = await rejects(WebSocketError, stream.closed);
  await rejects(error, writer.closed);
  await rejects(error, writer.ready);
});

test('S14', 'a write that never got out rejects when the connection is lost', async (t) => {
  const { writable, stream, peer } = await t.openedStream(['go'], ['reset']);
  const write = writable.getWriter().write(new Uint8Array(8 << 20));
  write.catch(() => {});
  await peer.go();
  await rejects(WebSocketError, stream.closed);
  await rejects('InvalidStateError', write);
});

test('S12', 'a pipe into the writable sends all and closes', async (t) => {
  const { writable, stream, peer } = await t.openedStream(['answerClose']);
  await new ReadableStream({
    start(controller) {
      controller.enqueue('a');
      controller.enqueue(new Uint8Array([1]));
      controller.close();
    },
  }).pipeTo(writable);
  equal(await stream.closed, { closeCode: 1005, reason: '' });
  equal(
    (await peer.seen()).frames.map(({ opcode }) => opcode),
    [1, 2, 8],
  );
});

test('S12', 'a readable piped into a writable echoes', async (t) => {
  const { readable, writable, peer } = await t.openedStream(
    ['numbers', 3],
    ['read', 3],
    ['close', 1000],
  );
  await readable.pipeTo(writable, { preventClose: true, preventAbort: true }).catch(() => {});
  equal(
    (await peer.seen()).frames.slice(0, 3).map(({ text }) => text),
    ['0', '1', '2'],
  );
});
