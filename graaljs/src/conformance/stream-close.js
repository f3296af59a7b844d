// close() of a WebSocketStream, and what closed tells.

/** The Close frame that arrives after close(...parameters), which is echoed. */
async function closeFrame(t, ...parameters) {
  const { stream, peer } = await t.openedStream(['answerClose']);
  stream.close(...parameters);
  await stream.closed;
  return (await peer.seen()).frames.at(-1);
}

async function expectCloseFrame(t, parameters, code, reason, length) {
  const frame = await closeFrame(t, ...parameters);
  equal([frame.opcode, frame.code, frame.reason, frame.length], [8, code, reason, length]);
}

test('S16', 'close() of a stream sends a Close frame without a body', (t) =>
  expectCloseFrame(t, [], 1005, '', 0),
);

test(
  'S16',
  'close({}), close(null) and close(undefined) send a Close frame without a body',
  async (t) => {
    await expectCloseFrame(t, [{}], 1005, '', 0);
    await expectCloseFrame(t, [null], 1005, '', 0);
    await expectCloseFrame(t, [undefined], 1005, '', 0);
  },
);

test('S16', 'close({reason}) sends 1000', (t) =>
  expectCloseFrame(t, [{ reason: 'why' }], 1000, 'why', 5),
);

test('S16', 'close({reason: ""}) sends a Close frame without a body', (t) =>
  expectCloseFrame(t, [{ reason: '' }], 1005, '', 0),
);

test('S15 C1', 'close({closeCode: 1000}) sends 1000', (t) =>
  expectCloseFrame(t, [{ closeCode: 1000 }], 1000, '', 2),
);

test('S15 C1', 'close({closeCode, reason}) sends both', async (t) => {
  await expectCloseFrame(t, [{ closeCode: 3000, reason: 'grüße' }], 3000, 'grüße', 9);
  await expectCloseFrame(t, [{ closeCode: 4999, reason: '' }], 4999, '', 2);
});

test('S15 C1', 'another closeCode is an InvalidAccessError, and nothing is closed', async (t) => {
  const { stream, writable } = await t.openedStream(['read', 1], ['close', 1000]);
  for (const closeCode of [0, 999, 1001, 1002, 1005, 1006, 1011, 1015, 2999, 5000, 65535]) {
    throws('InvalidAccessError', () => stream.close({ closeCode }), `closeCode ${closeCode}`);
  }
  await writable.getWriter().write('still open');
  equal(await stream.closed, { closeCode: 1000, reason: '' });
});

test(
  'S15',
  'a closeCode that is no code at all is an InvalidAccessError for close()',
  async (t) => {
    const { stream } = await t.openedStream();
    for (const closeCode of [-1, 65536, 66536, NaN, Infinity, 'x']) {
      throws('InvalidAccessError', () => stream.close({ closeCode }), `closeCode ${closeCode}`);
    }
  },
);

test('S15', 'null as closeCode is 0, and so an InvalidAccessError for close()', async (t) => {
  const { stream } = await t.openedStream();
  throws('InvalidAccessError', () => stream.close({ closeCode: null }));
});

test('S15', 'a number instead of a dictionary is a TypeError', async (t) => {
  const { stream } = await t.openedStream();
  throws(TypeError, () => stream.close(1000));
  throws(TypeError, () => stream.close('why'));
});

test('S15 C3', 'a reason over 123 bytes is a SyntaxError, and nothing is closed', async (t) => {
  const { stream, writable } = await t.openedStream(['read', 1], ['close', 1000]);
  throws('SyntaxError', () => stream.close({ closeCode: 1000, reason: 'x'.repeat(124) }));
  throws('SyntaxError', () => stream.close({ reason: 'ü'.repeat(62) }));
  throws('SyntaxError', () => stream.close({ reason: '\uD800'.repeat(42) }));
  await writable.getWriter().write('still open');
  equal(await stream.closed, { closeCode: 1000, reason: '' });
});

test('S15 C3', 'a reason of 123 bytes is sent by a stream', (t) =>
  expectCloseFrame(t, [{ reason: 'ü'.repeat(61) + 'x' }], 1000, 'ü'.repeat(61) + 'x', 125),
);

test('S15', 'the members of close() are read in order: closeCode, then reason', async (t) => {
  const { stream } = await t.openedStream();
  const log = [];
  stream.close(
    new Proxy(
      {},
      {
        get(target, name) {
          log.push(name);
          return undefined;
        },
      },
    ),
  );
  equal(log, ['closeCode', 'reason']);
});

test('S15 S17', 'close() checks its arguments on a closed stream too', async (t) => {
  const { stream } = await t.openedStream(['close', 1000]);
  await stream.closed;
  throws('InvalidAccessError', () => stream.close({ closeCode: 1001 }));
  throws('SyntaxError', () => stream.close({ reason: 'x'.repeat(124) }));
});

test(
  'S17',
  'close() during the handshake rejects opened and closed with WebSocketError',
  async (t) => {
    const peer = await t.peer(['go'], ['accept']);
    const stream = t.stream(peer.url);
    equal(stream.close({ closeCode: 4000, reason: 'never mind' }), undefined);
    await rejects(WebSocketError, stream.opened);
    await rejects(WebSocketError, stream.closed);
  },
);

test(
  'S17',
  'close() during the handshake with bad arguments leaves the handshake be',
  async (t) => {
    const peer = await t.peer(['accept']);
    const stream = t.stream(peer.url);
    throws('InvalidAccessError', () => stream.close({ closeCode: 1001 }));
    truthy((await stream.opened).readable instanceof ReadableStream, 'opened');
  },
);

test('S17', 'close() of a stream while closing does nothing', async (t) => {
  const { stream, peer } = await t.openedStream(['answerClose']);
  stream.close({ closeCode: 3001, reason: 'first' });
  equal(stream.close({ closeCode: 3002, reason: 'second' }), undefined);
  equal(await stream.closed, { closeCode: 3001, reason: 'first' });
  equal(
    (await peer.seen()).frames.map(({ code }) => code),
    [3001],
  );
});

test('S17', 'close() of a closed stream does nothing', async (t) => {
  const { stream } = await t.openedStream(['close', 4000, 'done']);
  equal(await stream.closed, { closeCode: 4000, reason: 'done' });
  equal(stream.close({ closeCode: 3000 }), undefined);
  equal(await stream.closed, { closeCode: 4000, reason: 'done' });
});

test('S17', 'close() of a stream that failed does nothing', async (t) => {
  const stream = t.stream(`${conformance.closed}/`);
  const error = await rejects(WebSocketError, stream.closed);
  equal(stream.close(), undefined);
  await rejects(error, stream.closed);
});

test('S19', 'closed gives closeCode and reason of the peer', async (t) => {
  const { stream } = await t.openedStream(['close', 4321, 'grüße']);
  equal(await stream.closed, { closeCode: 4321, reason: 'grüße' });
});

test('S19', 'closed gives a plain object with closeCode and reason', async (t) => {
  const { stream } = await t.openedStream(['close', 1000]);
  const closed = await stream.closed;
  equal(Object.getPrototypeOf(closed) === Object.prototype, true, 'prototype');
  equal(Object.keys(closed).sort(), ['closeCode', 'reason']);
});

test('S19', "closed gives 1005 where the peer's Close had no body", async (t) => {
  const { stream } = await t.openedStream(['close']);
  equal(await stream.closed, { closeCode: 1005, reason: '' });
});

test('S19 C6', 'closed gives what the peer answered, not what was sent', async (t) => {
  const { stream } = await t.openedStream(['readClose'], ['close', 4001, 'no, thus'], ['end']);
  stream.close({ closeCode: 4000, reason: 'thus' });
  equal(await stream.closed, { closeCode: 4001, reason: 'no, thus' });
});

test('S19', 'the end of TCP without a Close rejects closed with 1006', async (t) => {
  const { stream } = await t.openedStream(['end']);
  const error = await rejects(WebSocketError, stream.closed);
  equal([error.closeCode, error.reason, error.name], [1006, '', 'WebSocketError']);
});

test('S19', 'a reset rejects closed with 1006', async (t) => {
  const { stream } = await t.openedStream(['reset']);
  equal((await rejects(WebSocketError, stream.closed)).closeCode, 1006);
});

test('S19', 'the end of TCP instead of an answer to Close rejects closed with 1006', async (t) => {
  const { stream } = await t.openedStream(['readClose'], ['end']);
  stream.close({ closeCode: 1000 });
  equal((await rejects(WebSocketError, stream.closed)).closeCode, 1006);
});

test('S19', 'closed waits for the end of TCP', async (t) => {
  const { stream, peer } = await t.openedStream(['readClose'], ['close', 1000], ['go'], ['end']);
  stream.close();
  equal(await t.isSettled(stream.closed), false, 'settled before TCP has ended');
  await peer.go();
  equal(await stream.closed, { closeCode: 1000, reason: '' });
});

test('S19', 'closed settles though nobody reads', async (t) => {
  const { stream } = await t.openedStream(['numbers', 5], ['close', 1000]);
  equal(await stream.closed, { closeCode: 1000, reason: '' });
});

test('S19', 'closed settles in a task of its own, not inside close()', async (t) => {
  const { stream } = await t.openedStream(['answerClose']);
  let settled = false;
  stream.closed.then(() => {
    settled = true;
  });
  stream.close();
  for (let i = 0; i < 50; i++) {
    await undefined;
  }
  equal(settled, false);
  await stream.closed;
});

test('S19', 'messages written before close() go out before the Close frame', async (t) => {
  const { stream, writable, peer } = await t.openedStream(['answerClose']);
  const writer = writable.getWriter();
  await writer.write('a');
  await writer.write('b');
  stream.close({ closeCode: 1000 });
  await stream.closed;
  equal(
    (await peer.seen()).frames.map(({ opcode }) => opcode),
    [1, 1, 8],
  );
});

test('S9 S19', 'close() closes the readable', async (t) => {
  const { stream, readable } = await t.openedStream(['answerClose']);
  const read = readable.getReader().read();
  stream.close();
  equal(await read, { value: undefined, done: true });
});

test(
  'S17',
  'close() right after the constructor of a stream rejects opened and closed',
  async (t) => {
    for (let i = 0; i < 20; i++) {
      const peer = await t.peer(['accept'], ['text', 'hello'], ['close', 1000]);
      const stream = t.stream(peer.url);
      // Long enough for the connection to open behind the back of this task.
      for (const end = performance.now() + i; performance.now() < end;);
      stream.close();
      await rejects(WebSocketError, stream.opened);
      equal((await rejects(WebSocketError, stream.closed)).closeCode, 1006, 'closeCode');
    }
  },
);
