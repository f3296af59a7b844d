// new WebSocketStream(url, options): URL, protocols and conversions.

const AUTHORITY = () => conformance.peer.slice('ws:'.length);

function urlOf(t, url) {
  const stream = t.stream(url);
  stream.close();
  return stream.url;
}

async function offered(t, protocols, selected) {
  const lines = selected === undefined ? [] : [`Sec-WebSocket-Protocol: ${selected}`];
  const peer = await t.peer(['accept', ...lines], ['close', 1000]);
  const stream = t.stream(peer.url, { protocols });
  await stream.closed;
  const { header } = await peer.seen();
  const line = header.split('\r\n').find((each) => /^sec-websocket-protocol:/i.test(each));
  return line === undefined ? null : line.slice(line.indexOf(':') + 1).trim();
}

async function failsToOpen(stream) {
  const error = await rejects(WebSocketError, stream.opened);
  await rejects(WebSocketError, stream.closed);
  return error;
}

test('S1', 'new WebSocketStream() needs a URL', async () => {
  throws(TypeError, () => new WebSocketStream());
});

test('S1', 'WebSocketStream needs new', async () => {
  throws(TypeError, () => WebSocketStream(conformance.peer));
});

test('S1', 'a URL that cannot be parsed is a SyntaxError for a stream', async () => {
  for (const url of ['ws://', 'ws://[::1', 'ws://127.0.0.1:99999/']) {
    throws('SyntaxError', () => new WebSocketStream(url), url);
  }
});

test('S1', 'another scheme is a SyntaxError for a stream', async () => {
  for (const url of ['ftp://127.0.0.1/', 'about:blank', 'file:///a']) {
    throws('SyntaxError', () => new WebSocketStream(url), url);
  }
});

test('S1', 'a fragment is a SyntaxError for a stream', async () => {
  throws('SyntaxError', () => new WebSocketStream(`${conformance.peer}/#part`));
  throws('SyntaxError', () => new WebSocketStream(`${conformance.peer}/#`));
});

test('S1 S4', 'http becomes ws, https becomes wss for a stream', async (t) => {
  equal(urlOf(t, `http:${AUTHORITY()}/a`), `ws:${AUTHORITY()}/a`);
  equal(urlOf(t, `https:${AUTHORITY()}/a`), `wss:${AUTHORITY()}/a`);
});

test('S1 S4', 'a relative URL of a stream is resolved against the page', async (t) => {
  equal(urlOf(t, 'a?b'), conformance.page.replace('http:', 'ws:') + 'a?b');
});

test('S4', 'url of a stream is serialized', async (t) => {
  equal(urlOf(t, `WS:${AUTHORITY()}`), `ws:${AUTHORITY()}/`);
  equal(urlOf(t, `${conformance.peer}/a b/../\uD800`), `${conformance.peer}/%EF%BF%BD`);
});

test('S1', 'a symbol as URL of a stream is a TypeError', async () => {
  throws(TypeError, () => new WebSocketStream(Symbol('url')));
});

test('S2', 'protocols of a stream are offered in their order', async (t) => {
  equal(await offered(t, ['soap', 'chat'], 'chat'), 'soap, chat');
});

test('S2', 'an empty list of protocols offers none', async (t) => {
  equal(await offered(t, []), null);
});

test('S2', 'any iterable gives the protocols of a stream', async (t) => {
  equal(await offered(t, new Set(['x', 7]), 'x'), 'x, 7');
});

test('S2', 'protocols of a stream that are no object are a TypeError', async () => {
  for (const protocols of ['chat', 1, true, Symbol('a')]) {
    throws(TypeError, () => new WebSocketStream(conformance.peer, { protocols }));
  }
});

test('S2', 'protocols of a stream that cannot be iterated are a TypeError', async () => {
  throws(TypeError, () => new WebSocketStream(conformance.peer, { protocols: {} }));
});

test('S2', 'null as protocols of a stream is a TypeError', async () => {
  throws(TypeError, () => new WebSocketStream(conformance.peer, { protocols: null }));
});

test('S2', 'a protocol of a stream that is no token is a SyntaxError', async () => {
  for (const protocol of ['', 'a b', 'a,b', 'ä', '/', '"', '\u0000']) {
    throws('SyntaxError', () => new WebSocketStream(conformance.peer, { protocols: [protocol] }));
  }
});

test('S2', 'a protocol of a stream twice is a SyntaxError', async () => {
  throws(
    'SyntaxError',
    () => new WebSocketStream(conformance.peer, { protocols: ['a', 'b', 'a'] }),
  );
});

test('S2', 'protocols of a stream that differ in case alone are a SyntaxError', async () => {
  throws(
    'SyntaxError',
    () => new WebSocketStream(conformance.peer, { protocols: ['chat', 'CHAT'] }),
  );
});

test('S2 S5', 'the selected protocol of a stream is told', async (t) => {
  const peer = await t.peer(['accept', 'Sec-WebSocket-Protocol: chat']);
  equal((await t.stream(peer.url, { protocols: ['soap', 'chat'] }).opened).protocol, 'chat');
});

test('S2 S5', 'a server that selects no protocol fails the stream', async (t) => {
  const peer = await t.peer(['accept']);
  await failsToOpen(t.stream(peer.url, { protocols: ['chat'] }));
});

test('S2 S5', 'a server that selects another protocol fails the stream', async (t) => {
  const peer = await t.peer(['accept', 'Sec-WebSocket-Protocol: soap']);
  await failsToOpen(t.stream(peer.url, { protocols: ['chat'] }));
});

test('S2 S5', 'a server that selects where none was asked fails the stream', async (t) => {
  const peer = await t.peer(['accept', 'Sec-WebSocket-Protocol: soap']);
  await failsToOpen(t.stream(peer.url));
});

test('S1', 'undefined, null and {} are options', async (t) => {
  const peer = await t.peer(['accept']);
  for (const options of [undefined, null, {}]) {
    t.stream(peer.url, options).close();
  }
});

test('S1', 'options that are no object are a TypeError', async () => {
  for (const options of [1, 'chat', true, Symbol('a')]) {
    throws(TypeError, () => new WebSocketStream(conformance.peer, options));
  }
});

test('S3', 'a signal that is no AbortSignal is a TypeError', async () => {
  for (const signal of [null, {}, { aborted: true }, 1, new AbortController(), new EventTarget()]) {
    throws(TypeError, () => new WebSocketStream(conformance.peer, { signal }));
  }
});

test('S1 S2 S3', 'options are read in order: protocols, then signal', async (t) => {
  const peer = await t.peer(['accept']);
  const log = [];
  t.stream(
    peer.url,
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
  equal(log, ['protocols', 'signal']);
});

test('S1', 'options are converted before the URL is looked at', async () => {
  throws(TypeError, () => new WebSocketStream('ftp://127.0.0.1/', { protocols: 1 }));
});

test('S1 S2', 'the URL of a stream is checked before its protocols', async () => {
  const { message } = throws(
    'SyntaxError',
    () => new WebSocketStream('ftp://127.0.0.1/', { protocols: ['a', 'a'] }),
  );
  truthy(!/protocol 'a'|duplicate/i.test(message), `a message about the URL but was ${message}`);
});

test('S1 S3', 'a bad URL is thrown even where the signal is aborted', async () => {
  throws(
    'SyntaxError',
    () => new WebSocketStream('ftp://127.0.0.1/', { signal: AbortSignal.abort() }),
  );
});

test('S4', 'opened and closed are the same promises at each call', async (t) => {
  const peer = await t.peer(['accept']);
  const stream = t.stream(peer.url);
  equal([stream.opened === stream.opened, stream.closed === stream.closed], [true, true]);
  truthy(stream.opened instanceof Promise && stream.closed instanceof Promise, 'promises');
});
