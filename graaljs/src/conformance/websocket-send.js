// What send() takes, and what arrives of it.

const encoder = new TextEncoder();

/** The data frame that arrives after send(...parameters). */
async function sent(t, ...parameters) {
  const { socket, peer, events } = await t.opened(['read', 1], ['close', 1000]);
  socket.send(...parameters);
  await events.types();
  return (await peer.seen()).frames[0];
}

async function expectText(t, value, text) {
  const frame = await sent(t, value);
  equal([frame.opcode, frame.text], [1, text]);
}

async function expectBinary(t, value, hex) {
  const frame = await sent(t, value);
  equal([frame.opcode, frame.hex], [2, hex]);
}

test('W2', 'send() while CONNECTING is an InvalidStateError', async (t) => {
  const peer = await t.peer(['accept']);
  const socket = t.socket(peer.url);
  throws('InvalidStateError', () => socket.send('early'));
  equal(socket.bufferedAmount, 0, 'bufferedAmount');
});

test('W2', 'send() while CONNECTING is an InvalidStateError for bytes and blobs too', async (t) => {
  const peer = await t.peer(['accept']);
  const socket = t.socket(peer.url);
  throws('InvalidStateError', () => socket.send(new Uint8Array(1)));
  throws('InvalidStateError', () => socket.send(new Blob(['a'])));
});

test('W2', 'send() without data is a TypeError in every state', async (t) => {
  const peer = await t.peer(['accept'], ['close', 1000]);
  const socket = t.socket(peer.url);
  throws(TypeError, () => socket.send());
  await t.events(socket).types();
  throws(TypeError, () => socket.send());
});

test('W2', 'send() returns undefined and ignores further arguments', async (t) => {
  const { socket, events } = await t.opened(['read', 1], ['close', 1000]);
  equal(socket.send('a', 'b'), undefined);
  await events.clean(1000, '');
});

test('W2', 'a string is sent as text', (t) =>
  expectText(t, 'grüße 川 \u{1F30A}', 'grüße 川 \u{1F30A}'),
);

test('W2', 'an empty string is sent as an empty text', (t) => expectText(t, '', ''));

test('W2', 'a frame is masked', async (t) => {
  equal((await sent(t, 'a')).masked, true);
});

test('W2', 'lone surrogates are sent as U+FFFD', (t) =>
  expectText(t, 'a\uD800b\uDC00', 'a\uFFFDb\uFFFD'),
);

test('W2', 'null is sent as "null"', (t) => expectText(t, null, 'null'));

test('W2', 'undefined is sent as "undefined"', (t) => expectText(t, undefined, 'undefined'));

test('W2', 'a number is sent as its string', (t) => expectText(t, 1.5, '1.5'));

test('W2', 'a boolean is sent as its string', (t) => expectText(t, true, 'true'));

test('W2', 'a bigint is sent as its string', (t) => expectText(t, 12n, '12'));

test('W2', 'an object is sent as its string', (t) => expectText(t, { toString: () => 'me' }, 'me'));

test('W2', 'an array is sent as its string', (t) => expectText(t, [1, 2], '1,2'));

test('W2', 'a symbol is a TypeError', async (t) => {
  const { socket } = await t.opened();
  throws(TypeError, () => socket.send(Symbol('a')));
});

test('W2', 'what the conversion of the data throws is thrown on', async (t) => {
  const { socket } = await t.opened();
  const thrown = new Error('mine');
  throws(thrown, () =>
    socket.send({
      toString() {
        throw thrown;
      },
    }),
  );
});

test('W2', 'an ArrayBuffer is sent as bytes', (t) =>
  expectBinary(t, new Uint8Array([0, 1, 254, 255]).buffer, '0001feff'),
);

test('W2', 'an empty ArrayBuffer is sent as an empty binary message', (t) =>
  expectBinary(t, new ArrayBuffer(0), ''),
);

test('W2', 'a typed array is sent as its bytes', (t) =>
  expectBinary(t, new Uint8Array([1, 2, 3]), '010203'),
);

test('W2', 'a part of a buffer is sent as that part alone', (t) =>
  expectBinary(t, new Uint8Array([1, 2, 3, 4, 5]).subarray(1, 4), '020304'),
);

test('W2', 'a DataView is sent as its part of the buffer', (t) =>
  expectBinary(t, new DataView(new Uint8Array([1, 2, 3, 4, 5]).buffer, 2, 2), '0304'),
);

test('W2', 'a typed array of larger elements is sent as its bytes', async (t) => {
  const numbers = new Uint16Array(new Uint8Array([1, 2, 3, 4]).buffer);
  await expectBinary(t, numbers, '01020304');
});

test('W2', 'a Float64Array is sent as its bytes', async (t) => {
  const frame = await sent(t, new Float64Array(3));
  equal([frame.opcode, frame.length], [2, 24]);
});

test('W2', 'a Blob is sent as bytes', (t) =>
  expectBinary(t, new Blob(['ü', new Uint8Array([7])]), 'c3bc07'),
);

test('W2', 'an empty Blob is sent as an empty binary message', (t) =>
  expectBinary(t, new Blob([]), ''),
);

test('W2', 'bytes are those at the time of the call', async (t) => {
  const { socket, peer, events } = await t.opened(['read', 2], ['close', 1000]);
  const bytes = new Uint8Array([1, 2, 3]);
  socket.send(bytes);
  bytes[0] = 9;
  socket.send(bytes.buffer);
  bytes.fill(0);
  await events.types();
  equal(
    (await peer.seen()).frames.slice(0, 2).map(({ hex }) => hex),
    ['010203', '090203'],
  );
});

test('W2', 'a buffer that has been detached is sent as an empty message', async (t) => {
  const buffer = new ArrayBuffer(4);
  buffer.transfer();
  await expectBinary(t, buffer, '');
});

test('W2', 'a resizable buffer is a TypeError', async (t) => {
  const { socket } = await t.opened();
  const buffer = new ArrayBuffer(4, { maxByteLength: 8 });
  throws(TypeError, () => socket.send(buffer));
  throws(TypeError, () => socket.send(new Uint8Array(buffer)));
});

test(
  'W2 W4',
  'messages arrive in the order in which they were sent, blobs among them',
  async (t) => {
    const { socket, peer, events } = await t.opened(['read', 5], ['close', 1000]);
    socket.send('1');
    socket.send(new Blob(['2']));
    socket.send('3');
    socket.send(encoder.encode('4'));
    socket.send('5');
    await events.types();
    equal(
      (await peer.seen()).frames.slice(0, 5).map(({ hex }) => hex),
      ['31', '32', '33', '34', '35'],
    );
  },
);

test('W2', 'a message of 100,000 letters arrives whole', async (t) => {
  const text = 'ü'.repeat(100000);
  const socket = t.socket(`${conformance.echo}/echo`);
  const events = t.events(socket);
  await events.next('open');
  socket.send(text);
  truthy((await events.next('message')).data === text, 'the same text');
});

test('W2', 'a message of 1,000,000 bytes arrives whole', async (t) => {
  const bytes = new Uint8Array(1000000).map((_, i) => i * 7);
  const socket = t.socket(`${conformance.echo}/echo`);
  socket.binaryType = 'arraybuffer';
  const events = t.events(socket);
  await events.next('open');
  socket.send(bytes);
  const back = new Uint8Array((await events.next('message')).data);
  truthy(
    back.length === bytes.length && back.every((byte, i) => byte === bytes[i]),
    'the same bytes',
  );
});

test('W2', 'send() in the open handler is sent', async (t) => {
  const peer = await t.peer(['accept'], ['read', 1], ['close', 1000]);
  const socket = t.socket(peer.url);
  socket.onopen = () => socket.send('first');
  await t.events(socket).types();
  equal((await peer.seen()).frames[0].text, 'first');
});

test('W2', 'send() after close() is dropped without an error', async (t) => {
  const { socket, peer, events } = await t.opened(['answerClose']);
  socket.send('before');
  socket.close();
  equal(socket.send('after'), undefined);
  await events.clean(1005, '');
  equal(
    (await peer.seen()).frames.map(({ opcode }) => opcode),
    [1, 8],
  );
});

test('W2', 'send() on a closed socket is dropped without an error', async (t) => {
  const { socket, events } = await t.opened(['close', 1000]);
  await events.clean(1000, '');
  equal(socket.send('late'), undefined);
  equal(socket.send(new Uint8Array(3)), undefined);
});

test(
  'W2',
  'send() while CLOSING before it was ever open is dropped without an error',
  async (t) => {
    const peer = await t.peer(['go']);
    const socket = t.socket(peer.url);
    socket.close();
    equal(socket.send('never'), undefined);
    equal(socket.bufferedAmount, 5, 'bufferedAmount');
  },
);
