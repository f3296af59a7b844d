// What fails the opening of a WebSocket: error and close come, and nothing else.

const ACCEPTED =
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Accept: %ACCEPT%\r\n';

/** Expects that an opening with this answer fails. */
async function fails(t, answer) {
  const peer = await t.peer(['answer', answer]);
  const events = t.events(t.socket(peer.url));
  equal(await events.types(), ['error', 'close'], 'events');
  const { code, reason, wasClean } = events.all[1];
  equal({ code, reason, wasClean }, { code: 1006, reason: '', wasClean: false }, 'close event');
}

test('W4', 'a refusal with 403 is error and close', async (t) => {
  await fails(t, 'HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\n\r\nno!');
});

test('W4', 'a refusal with 401 is error and close', async (t) => {
  await fails(t, 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n');
});

test('W4', 'a refusal with 500 is error and close', async (t) => {
  await fails(t, 'HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n');
});

test('W4', 'a status 200 with a page is error and close', async (t) => {
  await fails(t, 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi');
});

test('W4', 'a redirect is not followed', async (t) => {
  const other = await t.peer(['accept']);
  await fails(t, `HTTP/1.1 302 Found\r\nLocation: ${other.url}\r\nContent-Length: 0\r\n\r\n`);
  equal(await other.connections(), 0, 'connections where the redirect leads to');
});

test('W4', 'an answer with a wrong Sec-WebSocket-Accept is error and close', async (t) => {
  await fails(t, `${ACCEPTED.replace('%ACCEPT%', 'dGhlIHNhbXBsZSBub25jZQAAAAA=')}\r\n`);
});

test('W4', 'an answer without Sec-WebSocket-Accept is error and close', async (t) => {
  await fails(
    t,
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
  );
});

test('W4', 'an answer without Upgrade is error and close', async (t) => {
  await fails(t, `${ACCEPTED.replace('Upgrade: websocket\r\n', '')}\r\n`);
});

test('W4', 'an answer that upgrades to something else is error and close', async (t) => {
  await fails(t, `${ACCEPTED.replace('Upgrade: websocket', 'Upgrade: h2c')}\r\n`);
});

test('W4', 'an answer without Connection is error and close', async (t) => {
  await fails(t, `${ACCEPTED.replace('Connection: Upgrade\r\n', '')}\r\n`);
});

test('W4', 'an extension that was not offered is error and close', async (t) => {
  await fails(t, `${ACCEPTED}Sec-WebSocket-Extensions: x-unheard-of\r\n\r\n`);
});

test('W4', 'an answer that is no HTTP is error and close', async (t) => {
  await fails(t, 'SSH-2.0-nothing\r\n\r\n');
});

test('W4', 'a server that ends TCP without an answer is error and close', async (t) => {
  const peer = await t.peer(['end']);
  await t.events(t.socket(peer.url)).failure();
});

test('W4', 'a server that resets TCP without an answer is error and close', async (t) => {
  const peer = await t.peer(['reset']);
  await t.events(t.socket(peer.url)).failure();
});

test('W4', 'a server that ends TCP within its answer is error and close', async (t) => {
  const peer = await t.peer(['answer', 'HTTP/1.1 101 Switching Protocols\r\nUpgra'], ['end']);
  await t.events(t.socket(peer.url)).failure();
});

test('W4', 'a port where nobody listens is error and close', async (t) => {
  await t.events(t.socket(`${conformance.closed}/`)).failure();
});

test('W1 C5', 'a certificate that is not trusted is error and close with 1006', async (t) => {
  await t.events(t.socket(`${conformance.tls}/echo`)).failure();
});

test('W1 C5', 'TLS towards a server without it is error and close with 1006', async (t) => {
  await t.events(t.socket(`${conformance.echo.replace('ws:', 'wss:')}/echo`)).failure();
});

test(
  'W1',
  'field names and tokens of the answer are compared without regard to case',
  async (t) => {
    const peer = await t.peer([
      'answer',
      'HTTP/1.1 101 ok\r\nuPGRADE: WebSocket\r\nconnection: keep-alive, UPGRADE\r\n' +
        'sec-websocket-accept:   %ACCEPT%  \r\nX-More: 1\r\n\r\n',
    ]);
    await t.events(t.socket(peer.url)).next('open');
  },
);

test('W1 W4', 'the error event tells nothing about the cause', async (t) => {
  const peer = await t.peer(['answer', 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n']);
  const error = await t.events(t.socket(peer.url)).next('error');
  equal(Object.getPrototypeOf(error), Event.prototype, 'prototype');
  equal(
    [error.bubbles, error.cancelable, error.composed, error.isTrusted],
    [false, false, false, true],
  );
  equal(error.message, undefined, 'message');
});

test('W1 W4', 'the open event is a plain Event', async (t) => {
  const peer = await t.peer(['accept']);
  const open = await t.events(t.socket(peer.url)).next('open');
  equal(Object.getPrototypeOf(open), Event.prototype, 'prototype');
  equal(
    [open.bubbles, open.cancelable, open.composed, open.isTrusted],
    [false, false, false, true],
  );
});

test('W1 W4', "Weir's server selects a subprotocol and echoes", async (t) => {
  const socket = t.socket(`${conformance.echo}/echo`, ['soap', 'chat']);
  const events = t.events(socket);
  await events.next('open');
  equal(socket.protocol, 'chat', 'protocol');
  socket.send('grüße');
  equal((await events.next('message')).data, 'grüße', 'data');
  socket.close(4000, 'bye');
  await events.clean(4000, 'bye');
});

test('W1', 'extensions tells what was agreed on', async (t) => {
  const peer = await t.peer(['acceptDeflate'], ['hex', 'c1 07 f248cdc9c90700'], ['close', 1000]);
  const socket = t.socket(peer.url);
  const events = t.events(socket);
  await events.next('open');
  const { extensions } = socket;
  const types = await events.types();
  const offered = (await peer.seen()).header.includes('permessage-deflate');
  equal(extensions, offered ? 'permessage-deflate' : '', 'extensions');
  // A compressed frame that was not agreed on is a violation of the protocol.
  equal(types, offered ? ['open', 'message', 'close'] : ['open', 'error', 'close'], 'events');
  equal(socket.extensions, extensions, 'extensions of a closed socket');
});
