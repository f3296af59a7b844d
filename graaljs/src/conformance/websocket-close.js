// close(): its arguments, what goes out, and how the close event tells the end.

/** The Close frame that arrives after close(...parameters), which is echoed. */
async function closeFrame(t, ...parameters) {
  const { socket, peer, events } = await t.opened(['answerClose']);
  socket.close(...parameters);
  await events.next('close');
  return (await peer.seen()).frames.at(-1);
}

async function expectCloseFrame(t, parameters, code, reason, length) {
  const frame = await closeFrame(t, ...parameters);
  equal([frame.opcode, frame.code, frame.reason, frame.length], [8, code, reason, length]);
}

test('W3 S16', 'close() sends a Close frame without a body', (t) =>
  expectCloseFrame(t, [], 1005, '', 0),
);

test('W3', 'close(undefined) sends a Close frame without a body', (t) =>
  expectCloseFrame(t, [undefined], 1005, '', 0),
);

test('W3', 'close(undefined, "") sends a Close frame without a body', (t) =>
  expectCloseFrame(t, [undefined, ''], 1005, '', 0),
);

test('W3 S16', 'a reason without a code sends 1000', (t) =>
  expectCloseFrame(t, [undefined, 'why'], 1000, 'why', 5),
);

test('W3 C1', 'close(1000) sends 1000', (t) => expectCloseFrame(t, [1000], 1000, '', 2));

test('W3 C1', 'close(3000) sends 3000', (t) => expectCloseFrame(t, [3000], 3000, '', 2));

test('W3 C1', 'close(4999, reason) sends both', (t) =>
  expectCloseFrame(t, [4999, 'grüße'], 4999, 'grüße', 9),
);

test('W3 C1', 'codes other than 1000 and 3000 to 4999 are an InvalidAccessError', async (t) => {
  const { socket } = await t.opened();
  for (const code of [
    0, 1, 999, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014,
    1015, 1016, 2999, 5000, 65535,
  ]) {
    throws('InvalidAccessError', () => socket.close(code), `code ${code}`);
  }
  equal(socket.readyState, WebSocket.OPEN, 'readyState');
});

test('W3 C1', 'a code out of range is clamped, and so an InvalidAccessError', async (t) => {
  const { socket } = await t.opened();
  for (const code of [-1, 65536 + 1000, 1e10, Infinity, -Infinity, NaN]) {
    throws('InvalidAccessError', () => socket.close(code), `code ${code}`);
  }
});

test('W3', 'a code between two integers is rounded to the nearer one', (t) =>
  expectCloseFrame(t, [2999.6], 3000, '', 2),
);

test('W3', 'a code above an integer by more than a half is the next integer', async (t) => {
  const { socket } = await t.opened();
  throws('InvalidAccessError', () => socket.close(1000.51));
});

test('W3', 'a code half way between two integers is rounded to the even one', (t) =>
  expectCloseFrame(t, [999.5], 1000, '', 2),
);

test('W3', 'a code that is a string is its number', (t) =>
  expectCloseFrame(t, ['3001'], 3001, '', 2),
);

test('W3', 'null, an object and a text as code are an InvalidAccessError', async (t) => {
  const { socket } = await t.opened();
  for (const code of [null, {}, 'one thousand', '', false]) {
    throws('InvalidAccessError', () => socket.close(code));
  }
});

test('W3', 'a symbol or a bigint as code is a TypeError', async (t) => {
  const { socket } = await t.opened();
  throws(TypeError, () => socket.close(Symbol('1000')));
  throws(TypeError, () => socket.close(1000n));
});

test('W3 C3', 'a reason of 123 bytes is sent', (t) =>
  expectCloseFrame(t, [1000, 'x'.repeat(123)], 1000, 'x'.repeat(123), 125),
);

test('W3 C3', 'a reason of 124 bytes is a SyntaxError', async (t) => {
  const { socket } = await t.opened();
  throws('SyntaxError', () => socket.close(1000, 'x'.repeat(124)));
  equal(socket.readyState, WebSocket.OPEN, 'readyState');
});

test('W3 C3', 'the length of a reason counts in bytes', async (t) => {
  const { socket } = await t.opened();
  throws('SyntaxError', () => socket.close(1000, 'ü'.repeat(62)), '124 bytes in 62 letters');
  throws(
    'SyntaxError',
    () => socket.close(1000, '\uD800'.repeat(42)),
    '126 bytes in 42 lone surrogates',
  );
  socket.close(1000, 'ü'.repeat(61) + 'x');
  equal(socket.readyState, WebSocket.CLOSING, 'readyState');
});

test('W3 C3', 'a reason without a code is bounded too', async (t) => {
  const { socket } = await t.opened();
  throws('SyntaxError', () => socket.close(undefined, 'x'.repeat(124)));
  equal(socket.readyState, WebSocket.OPEN, 'readyState');
});

test('W3', 'the code is checked before the reason', async (t) => {
  const { socket } = await t.opened();
  throws('InvalidAccessError', () => socket.close(1001, 'x'.repeat(124)));
});

test('W3', 'a reason is converted to a string', (t) =>
  expectCloseFrame(t, [1000, null], 1000, 'null', 6),
);

test('W3', 'lone surrogates in a reason become U+FFFD', (t) =>
  expectCloseFrame(t, [1000, '\uDC00'], 1000, '\uFFFD', 5),
);

test('W3', 'close() returns undefined', async (t) => {
  const { socket } = await t.opened();
  equal(socket.close(), undefined);
});

test('W3', 'close() while closing does nothing', async (t) => {
  const { socket, peer, events } = await t.opened(['answerClose']);
  socket.close(3001, 'first');
  equal(socket.close(3002, 'second'), undefined);
  await events.clean(3001, 'first');
  equal(
    (await peer.seen()).frames.map(({ code }) => code),
    [3001],
  );
});

test('W3', 'close() on a closed socket does nothing', async (t) => {
  const { socket, events } = await t.opened(['close', 1000]);
  await events.clean(1000, '');
  equal(socket.close(3000, 'late'), undefined);
  await t.roundTrip();
  equal(events.all.length, 2, 'number of events');
});

test('W3', 'arguments are checked on a closed socket too', async (t) => {
  const { socket, events } = await t.opened(['close', 1000]);
  await events.clean(1000, '');
  throws('InvalidAccessError', () => socket.close(1001));
  throws('SyntaxError', () => socket.close(1000, 'x'.repeat(124)));
});

test('W3 W4', 'close() while CONNECTING returns first; error and close follow', async (t) => {
  const peer = await t.peer(['go'], ['accept']);
  const socket = t.socket(peer.url);
  const events = t.events(socket);
  socket.close(1000, 'never mind');
  equal(socket.readyState, WebSocket.CLOSING, 'readyState');
  equal(events.all.length, 0, 'events so far');
  await undefined;
  equal(events.all.length, 0, 'events after a microtask');
  await events.failure();
  equal(events.all.length, 2, 'number of events');
});

test('W3 W4', 'close() right after the constructor makes no open event', async (t) => {
  const peer = await t.peer(['accept'], ['text', 'hello'], ['close', 1000]);
  const socket = t.socket(peer.url);
  const events = t.events(socket);
  socket.close();
  equal(await events.types(), ['error', 'close']);
});

test('W3', 'close() while CONNECTING checks its arguments', async (t) => {
  const peer = await t.peer(['accept']);
  const socket = t.socket(peer.url);
  throws('InvalidAccessError', () => socket.close(1001));
  throws('SyntaxError', () => socket.close(1000, 'x'.repeat(124)));
  equal(socket.readyState, WebSocket.CONNECTING, 'readyState');
  await t.events(socket).next('open');
});

test('W4', 'close() makes no event from inside the call', async (t) => {
  const { socket, events } = await t.opened(['answerClose']);
  socket.close();
  equal(events.all.length, 1, 'events after the call');
  await undefined;
  equal(events.all.length, 1, 'events after a microtask');
  await events.clean(1005, '');
});

test('C6 W4', 'the close event tells what the peer answered, not what was sent', async (t) => {
  const { socket, events } = await t.opened(['readClose'], ['close', 4001, 'no, thus'], ['end']);
  socket.close(4000, 'thus');
  await events.clean(4001, 'no, thus');
});

test('C6 W4', 'a peer that answers without a code gives 1005', async (t) => {
  const { socket, events } = await t.opened(['readClose'], ['close'], ['end']);
  socket.close(4000, 'thus');
  await events.clean(1005, '');
});

test('W4', "a peer's Close without a body gives 1005, clean", async (t) => {
  const { events } = await t.opened(['close']);
  await events.clean(1005, '');
});

test('W4', "a peer's code and reason are in the close event", async (t) => {
  const { events } = await t.opened(['close', 4321, 'grüße']);
  await events.clean(4321, 'grüße');
});

test('W4', "a peer's Close is answered with its code", async (t) => {
  const { peer, events } = await t.opened(['close', 1011, 'oops']);
  await events.clean(1011, 'oops');
  const [answer] = (await peer.seen()).frames;
  equal([answer.opcode, answer.code], [8, 1011]);
});

for (const code of [
  1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999,
]) {
  test('C2 C6', `a Close with ${code} is reported`, async (t) => {
    const { events } = await t.opened(['close', code, 'why']);
    await events.clean(code, 'why');
  });
}

for (const code of [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535]) {
  test('C2', `a Close with ${code} is a protocol error: 1006, and 1002 goes out`, async (t) => {
    const { peer, events } = await t.opened(['close', code, 'why'], ['readClose'], ['end']);
    await events.failure();
    equal(
      (await peer.seen()).frames.map((frame) => frame.code),
      [1002],
    );
  });
}

test('C2', 'a Close with a body of one byte is a protocol error', async (t) => {
  const { peer, events } = await t.opened(['hex', '88 01 03'], ['readClose'], ['end']);
  await events.failure();
  equal(
    (await peer.seen()).frames.map((frame) => frame.code),
    [1002],
  );
});

test('C2', 'a Close whose reason is not UTF-8 fails the connection', async (t) => {
  const { peer, events } = await t.opened(['hex', '88 03 03e8 ff'], ['readClose'], ['end']);
  await events.failure();
  equal(
    (await peer.seen()).frames.map((frame) => frame.opcode),
    [8],
  );
});

test('W4', 'a peer that ends TCP without a Close gives error and close with 1006', async (t) => {
  const { events } = await t.opened(['end']);
  const { code, reason, wasClean } = (await events.types(), events.all.at(-1));
  equal({ code, reason, wasClean }, { code: 1006, reason: '', wasClean: false });
});

test(
  'W4',
  'the end of TCP without a Close makes an error event before the close event',
  async (t) => {
    const { events } = await t.opened(['end']);
    equal(await events.types(), ['open', 'error', 'close']);
  },
);

test('W4', 'a peer that resets TCP gives 1006', async (t) => {
  const { events } = await t.opened(['reset']);
  await events.types();
  const { code, wasClean } = events.all.at(-1);
  equal({ code, wasClean }, { code: 1006, wasClean: false });
});

test('W4', 'a peer that ends TCP instead of answering Close gives 1006, not clean', async (t) => {
  const { socket, events } = await t.opened(['readClose'], ['end']);
  socket.close(1000, 'bye');
  await events.types();
  const { code, reason, wasClean } = events.all.at(-1);
  equal({ code, reason, wasClean }, { code: 1006, reason: '', wasClean: false });
});

test('W4', 'the close event waits for the end of TCP', async (t) => {
  const { socket, peer, events } = await t.opened(['readClose'], ['close', 1000], ['go'], ['end']);
  socket.close(1000);
  await t.roundTrip();
  equal(socket.readyState, WebSocket.CLOSING, 'readyState');
  equal(events.all.length, 1, 'events before TCP has ended');
  await peer.go();
  await events.clean(1000, '');
});

test('W3 W4', 'messages sent before close() go out before the Close frame', async (t) => {
  const { socket, peer, events } = await t.opened(['answerClose']);
  for (let i = 0; i < 20; i++) {
    socket.send(String(i));
  }
  socket.send(new Uint8Array([1]));
  socket.close(1000);
  await events.clean(1000, '');
  const { frames } = await peer.seen();
  equal(
    frames.map(({ opcode }) => opcode),
    [...Array(20).fill(1), 2, 8],
  );
  equal(
    frames.slice(0, 20).map(({ text }) => text),
    Array.from({ length: 20 }, (_, i) => String(i)),
  );
});

test('W3 W4', 'a Blob sent before close() goes out before the Close frame', async (t) => {
  const { socket, peer, events } = await t.opened(['answerClose']);
  socket.send(new Blob(['blob']));
  socket.close(1000);
  await events.clean(1000, '');
  equal(
    (await peer.seen()).frames.map(({ opcode }) => opcode),
    [2, 8],
  );
});

test('W4', 'the close event comes once', async (t) => {
  const { socket, events } = await t.opened(['answerClose']);
  socket.close();
  await events.clean(1005, '');
  socket.close();
  await t.roundTrip();
  equal(
    events.all.map(({ type }) => type),
    ['open', 'close'],
  );
});

test('W1 W3', 'a task that takes long does not see the connection open', async (t) => {
  for (let i = 0; i < 20; i++) {
    const peer = await t.peer(['accept'], ['text', 'hello'], ['close', 1000]);
    const socket = t.socket(peer.url);
    const events = t.events(socket);
    for (const end = performance.now() + i; performance.now() < end;);
    equal(socket.readyState, WebSocket.CONNECTING, 'readyState');
    socket.close();
    equal(await events.types(), ['error', 'close']);
    equal(events.all[1].code, 1006, 'code');
  }
});
