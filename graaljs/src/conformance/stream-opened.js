// What opened resolves to, and how an opening fails.

/** Expects that opened and closed reject with a WebSocketError. */
async function fails(t, ...steps) {
  const peer = await t.peer(...steps);
  const stream = t.stream(peer.url);
  const error = await rejects(WebSocketError, stream.opened);
  await rejects(WebSocketError, stream.closed);
  return error;
}

test('S5', 'opened gives readable, writable, extensions and protocol', async (t) => {
  const peer = await t.peer(['accept']);
  const opened = await t.stream(peer.url).opened;
  equal(Object.keys(opened).sort(), ['extensions', 'protocol', 'readable', 'writable']);
  truthy(opened.readable instanceof ReadableStream, 'a ReadableStream');
  truthy(opened.writable instanceof WritableStream, 'a WritableStream');
  equal([opened.extensions, opened.protocol], ['', '']);
  equal([opened.readable.locked, opened.writable.locked], [false, false], 'locked');
});

test('S5', 'opened gives a plain object whose properties can be changed', async (t) => {
  const peer = await t.peer(['accept']);
  const opened = await t.stream(peer.url).opened;
  equal(Object.getPrototypeOf(opened) === Object.prototype, true, 'prototype');
  for (const name of Object.keys(opened)) {
    const { writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(opened, name);
    equal([writable, enumerable, configurable], [true, true, true], name);
  }
});

test('S4 S5', 'opened gives the same object each time', async (t) => {
  const peer = await t.peer(['accept']);
  const stream = t.stream(peer.url);
  equal((await stream.opened) === (await stream.opened), true);
});

test('S5', 'opened resolves before anything is read', async (t) => {
  const peer = await t.peer(['accept'], ['text', 'a'], ['close', 1000]);
  const log = [];
  const stream = t.stream(peer.url);
  stream.opened.then(() => log.push('opened'));
  stream.closed.then(() => log.push('closed'));
  await stream.closed;
  equal(log, ['opened', 'closed']);
});

test('S5', 'a refusal rejects opened and closed with a WebSocketError', async (t) => {
  const error = await fails(t, ['answer', 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n']);
  equal(error.name, 'WebSocketError');
});

test('S5', 'a wrong Sec-WebSocket-Accept fails a stream', (t) =>
  fails(t, [
    'answer',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n' +
      'Connection: Upgrade\r\nSec-WebSocket-Accept: dGhlIHNhbXBsZSBub25jZQAAAAA=\r\n\r\n',
  ]),
);

test('S5', 'an answer that ends too early fails a stream', (t) =>
  fails(t, ['answer', 'HTTP/1.1 101 '], ['end']),
);

test('S5', 'a port where nobody listens fails a stream', async (t) => {
  const stream = t.stream(`${conformance.closed}/`);
  await rejects(WebSocketError, stream.opened);
  await rejects(WebSocketError, stream.closed);
});

test('S5', 'opened and closed reject with one error', async (t) => {
  const stream = t.stream(`${conformance.closed}/`);
  const error = await rejects(WebSocketError, stream.opened);
  equal((await rejects(WebSocketError, stream.closed)) === error, true);
});

test('S5', 'an extension that was not offered fails a stream', (t) =>
  fails(t, ['accept', 'Sec-WebSocket-Extensions: x-unheard-of']),
);

test(
  'S5 C5',
  'a certificate that is not trusted fails a stream, with nothing of TLS in it',
  async (t) => {
    const stream = t.stream(`${conformance.tls}/echo`);
    await rejects(WebSocketError, stream.opened);
    const error = await rejects(WebSocketError, stream.closed);
    equal([error.closeCode, error.reason], [1006, '']);
  },
);

test('S5 S19', 'closed of a failed opening rejects with 1006 and no reason', async (t) => {
  const peer = await t.peer(['answer', 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n']);
  const error = await rejects(WebSocketError, t.stream(peer.url).closed);
  equal([error.closeCode, error.reason], [1006, '']);
});

test('S6', 'a stream that fails and that nobody looks at reports nothing', async (t) => {
  const peer = await t.peer(['reset']);
  new WebSocketStream(peer.url);
  await peer.seen();
  await t.nothingReported();
});

test('S6', 'a rejected closed that nobody looks at reports nothing', async (t) => {
  const peer = await t.peer(['accept'], ['reset']);
  const stream = new WebSocketStream(peer.url);
  await stream.opened.catch(() => {});
  await peer.seen();
  await t.nothingReported();
});

test('S5', 'an opening that fails rejects no sooner than in a later task', async (t) => {
  const stream = t.stream(`${conformance.closed}/`);
  let settled = false;
  stream.opened.catch(() => {
    settled = true;
  });
  for (let i = 0; i < 50; i++) {
    await undefined;
  }
  equal(settled, false);
});

test('S5', 'extensions of a stream tells what was agreed on', async (t) => {
  const peer = await t.peer(['acceptDeflate'], ['close', 1000]);
  const stream = t.stream(peer.url);
  const { extensions } = await stream.opened;
  await stream.closed;
  const offered = (await peer.seen()).header.includes('permessage-deflate');
  equal(extensions, offered ? 'permessage-deflate' : '');
});
