// The URL of a WebSocket: how it is parsed, what is refused, what arrives at the server.

/** A WebSocket that is closed at once, since only its URL matters. */
function urlOf(t, url) {
  const socket = t.socket(url);
  socket.close();
  return socket.url;
}

const ORIGIN = () => conformance.peer.replace('ws:', '');

test('W1', 'new WebSocket() needs a URL', async () => {
  throws(TypeError, () => new WebSocket());
});

test('W1', 'WebSocket needs new', async () => {
  throws(TypeError, () => WebSocket(conformance.peer));
});

test('W1', 'a URL that cannot be parsed is a SyntaxError', async () => {
  for (const url of ['ws://', 'ws://[::1', 'ws://127.0.0.1:99999/', 'ws://127.0.0.1:x/']) {
    throws('SyntaxError', () => new WebSocket(url), url);
  }
});

test('W1', 'a space in the host is a SyntaxError', async () => {
  throws('SyntaxError', () => new WebSocket('ws://a b/'));
});

test('W1', 'a scheme that is no WebSocket scheme and no HTTP scheme is a SyntaxError', async () => {
  for (const url of [
    'ftp://127.0.0.1/',
    'mailto:a@example.com',
    'about:blank',
    'data:,x',
    'file:///a',
    'wsss://127.0.0.1/',
    'javascript:1',
  ]) {
    throws('SyntaxError', () => new WebSocket(url), url);
  }
});

test('W1', 'a fragment in the URL is a SyntaxError', async () => {
  throws('SyntaxError', () => new WebSocket(`${conformance.peer}/#part`));
});

test('W1', 'an empty fragment in the URL is a SyntaxError', async () => {
  throws('SyntaxError', () => new WebSocket(`${conformance.peer}/#`));
});

test('W1', 'http becomes ws', async (t) => {
  equal(urlOf(t, `http:${ORIGIN()}/a`), `ws:${ORIGIN()}/a`);
});

test('W1', 'https becomes wss', async (t) => {
  equal(urlOf(t, `https:${ORIGIN()}/a`), `wss:${ORIGIN()}/a`);
});

test('W1', 'a scheme is compared without regard to case', async (t) => {
  equal(urlOf(t, `WS:${ORIGIN()}/a`), `ws:${ORIGIN()}/a`);
});

test('W1', 'a relative URL is resolved against the page', async (t) => {
  equal(urlOf(t, 'a/../b?c'), conformance.page.replace('http:', 'ws:') + 'b?c');
});

test('W1', 'an empty URL is that of the page', async (t) => {
  equal(urlOf(t, ''), conformance.page.replace('http:', 'ws:'));
});

test('W1', 'a URL without a scheme takes that of the page', async (t) => {
  equal(urlOf(t, `${ORIGIN()}/x`), `ws:${ORIGIN()}/x`);
});

test('W1', 'url has a slash where the path is missing', async (t) => {
  equal(urlOf(t, conformance.peer), `${conformance.peer}/`);
});

test(
  'W1',
  'url is serialized: host in lower case, dots resolved, default port left out',
  async (t) => {
    equal(urlOf(t, 'WS://LOCALHOST:80/a/./b/../c'), 'ws://localhost/a/c');
  },
);

test('W1', 'url keeps userinfo', async (t) => {
  equal(
    urlOf(t, `ws://user:pass@127.0.0.1:${ORIGIN().split(':')[1]}/`),
    `ws://user:pass@127.0.0.1:${ORIGIN().split(':')[1]}/`,
  );
});

test('W1', 'url percent-encodes spaces and letters beyond ASCII', async (t) => {
  equal(urlOf(t, `${conformance.peer}/a b/ü?q=ü`), `${conformance.peer}/a%20b/%C3%BC?q=%C3%BC`);
});

test('W1', 'white space around a URL is stripped', async (t) => {
  equal(urlOf(t, ` \t${conformance.peer}/a\n `), `${conformance.peer}/a`);
});

test('W1', 'a lone surrogate in a URL becomes U+FFFD', async (t) => {
  equal(urlOf(t, `${conformance.peer}/\uD800`), `${conformance.peer}/%EF%BF%BD`);
});

test('W1', 'the URL is converted to a string', async (t) => {
  const url = { toString: () => `${conformance.peer}/string` };
  equal(urlOf(t, url), `${conformance.peer}/string`);
});

test('W1', 'a URL object serves as the URL', async (t) => {
  equal(urlOf(t, new URL(`${conformance.peer}/object`)), `${conformance.peer}/object`);
});

test('W1', 'a symbol as the URL is a TypeError', async () => {
  throws(TypeError, () => new WebSocket(Symbol('url')));
});

test('W1', 'what the URL throws while it is converted is thrown on', async () => {
  const thrown = new Error('mine');
  throws(
    thrown,
    () =>
      new WebSocket({
        toString() {
          throw thrown;
        },
      }),
  );
});

test('W1', 'an IPv4 address in other notation is normalised', async (t) => {
  equal(urlOf(t, `ws://0x7f.1:${ORIGIN().split(':')[1]}/`), `${conformance.peer}/`);
});

test('W1', 'path and query arrive at the server as they are serialized', async (t) => {
  const peer = await t.peer(['accept'], ['close', 1000]);
  const socket = t.socket(`${peer.url}/a b?c=%20&d=ü`);
  await t.events(socket).types();
  const { header } = await peer.seen();
  const path = new URL(peer.url).pathname;
  truthy(
    header.startsWith(`GET ${path}/a%20b?c=%20&d=%C3%BC HTTP/1.1\r\n`),
    `the path but was ${header}`,
  );
});

test('W1', 'the opening handshake has what RFC 6455 asks for', async (t) => {
  const peer = await t.peer(['accept'], ['close', 1000]);
  await t.events(t.socket(peer.url)).types();
  const { header } = await peer.seen();
  const field = (name) => {
    const line = header.split('\r\n').find((each) => each.toLowerCase().startsWith(`${name}:`));
    return line === undefined ? undefined : line.slice(name.length + 1).trim();
  };
  equal(field('host'), new URL(peer.url).host, 'Host');
  equal(field('upgrade').toLowerCase(), 'websocket', 'Upgrade');
  truthy(
    field('connection').toLowerCase().split(/ *, */).includes('upgrade'),
    'Connection: Upgrade',
  );
  equal(field('sec-websocket-version'), '13', 'version');
  truthy(/^[A-Za-z0-9+/]{22}==$/.test(field('sec-websocket-key')), 'a key of 16 bytes');
  equal(field('sec-websocket-protocol'), undefined, 'protocols');
});

test('W1', 'the origin of the page is sent', async (t) => {
  const peer = await t.peer(['accept'], ['close', 1000]);
  await t.events(t.socket(peer.url)).types();
  const { header } = await peer.seen();
  truthy(
    header.includes(`\r\nOrigin: ${new URL(conformance.page).origin}\r\n`),
    `Origin in ${header}`,
  );
});

test('W1', 'userinfo is sent as Basic authorization', async (t) => {
  const peer = await t.peer(['accept'], ['close', 1000]);
  await t.events(t.socket(peer.url.replace('//', '//user:pass@'))).types();
  const { header } = await peer.seen();
  truthy(
    header.includes('\r\nAuthorization: Basic dXNlcjpwYXNz\r\n'),
    `Authorization in ${header}`,
  );
});

test(
  'W1',
  'a port that the Fetch standard blocks fails the connection, not the constructor',
  async (t) => {
    const socket = t.socket('ws://127.0.0.1:6667/');
    equal(socket.readyState, WebSocket.CONNECTING);
    await t.events(socket).failure();
  },
);
