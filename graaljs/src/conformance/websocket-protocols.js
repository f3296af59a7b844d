// The subprotocols of a WebSocket: conversion, checks, what is sent, what may be selected.

/** The header that offers these protocols to the server, null if there is none. */
async function offered(t, protocols, selected) {
  const lines = selected === undefined ? [] : [`Sec-WebSocket-Protocol: ${selected}`];
  const peer = await t.peer(['accept', ...lines], ['close', 1000]);
  const events = t.events(t.socket(peer.url, protocols));
  await events.types();
  const { header } = await peer.seen();
  const line = header.split('\r\n').find((each) => /^sec-websocket-protocol:/i.test(each));
  return line === undefined ? null : line.slice(line.indexOf(':') + 1).trim();
}

test('W1 S2', 'one protocol as a string is offered', async (t) => {
  equal(await offered(t, 'chat', 'chat'), 'chat');
});

test('W1 S2', 'a list of protocols is offered in its order', async (t) => {
  equal(await offered(t, ['soap', 'chat', 'amqp'], 'chat'), 'soap, chat, amqp');
});

test('W1 S2', 'no protocol is offered for an empty list', async (t) => {
  equal(await offered(t, []), null);
});

test('W1 S2', 'no protocol is offered for undefined', async (t) => {
  equal(await offered(t, undefined), null);
});

test('W1 S2', 'null as protocols is the protocol "null"', async (t) => {
  equal(await offered(t, null, 'null'), 'null');
});

test('W1 S2', 'a number as protocols is its string', async (t) => {
  equal(await offered(t, 13, '13'), '13');
});

test('W1 S2', 'any iterable gives the list of protocols', async (t) => {
  equal(await offered(t, new Set(['b', 'a']), 'a'), 'b, a', 'a set');
  equal(
    await offered(
      t,
      (function* () {
        yield 'x';
        yield 7;
      })(),
      'x',
    ),
    'x, 7',
    'a generator',
  );
});

test('W1 S2', 'a String object as protocols is iterated', async (t) => {
  equal(await offered(t, new String('ab'), 'a'), 'a, b');
});

test('W1 S2', 'elements that are missing or undefined become "undefined"', async (t) => {
  equal(await offered(t, ['a', undefined], 'a'), 'a, undefined');
});

test('W1 S2', 'a protocol may have every character of a token', async (t) => {
  const token = "!#$%&'*+-.^_`|~09azAZ";
  equal(await offered(t, token, token), token);
});

test('W1 S2', 'a protocol that is no token is a SyntaxError', async () => {
  for (const protocol of [
    '',
    ' ',
    'a b',
    'a,b',
    'ä',
    '\u0000',
    '\u007f',
    'a\tb',
    '(',
    ')',
    '<',
    '>',
    '@',
    ';',
    ':',
    '\\',
    '"',
    '/',
    '[',
    ']',
    '?',
    '=',
    '{',
    '}',
    '\u{1F30A}',
  ]) {
    throws('SyntaxError', () => new WebSocket(conformance.peer, protocol));
    throws('SyntaxError', () => new WebSocket(conformance.peer, ['ok', protocol]));
  }
});

test('W1 S2', 'an object that is not iterable is a string, and so no token', async () => {
  throws('SyntaxError', () => new WebSocket(conformance.peer, {}));
});

test('W1 S2', 'a protocol twice is a SyntaxError', async () => {
  throws('SyntaxError', () => new WebSocket(conformance.peer, ['a', 'b', 'a']));
});

test('W1 S2', 'protocols that differ in case alone are a SyntaxError', async () => {
  throws('SyntaxError', () => new WebSocket(conformance.peer, ['chat', 'Chat']));
});

test('W1 S2', 'a symbol among the protocols is a TypeError', async () => {
  throws(TypeError, () => new WebSocket(conformance.peer, [Symbol('a')]));
  throws(TypeError, () => new WebSocket(conformance.peer, Symbol('a')));
});

test('W1 S2', 'what the iteration of the protocols throws is thrown on', async () => {
  const thrown = new Error('mine');
  throws(
    thrown,
    () =>
      new WebSocket(
        conformance.peer,
        (function* () {
          yield 'a';
          throw thrown;
        })(),
      ),
  );
});

test('W1 S1 S2', 'the URL is checked before the protocols', async () => {
  const { message } = throws('SyntaxError', () => new WebSocket('ftp://127.0.0.1/', ['a', 'a']));
  truthy(!/protocol 'a'|duplicate/i.test(message), `a message about the URL but was ${message}`);
});

test('W1 S2', 'a server that selects none of the protocols fails the connection', async (t) => {
  const peer = await t.peer(['accept']);
  await t.events(t.socket(peer.url, ['a', 'b'])).failure();
});

test('W1 S2', 'a server that selects another protocol fails the connection', async (t) => {
  const peer = await t.peer(['accept', 'Sec-WebSocket-Protocol: c']);
  await t.events(t.socket(peer.url, ['a', 'b'])).failure();
});

test('W1 S2', 'a server that selects a protocol in other case fails the connection', async (t) => {
  const peer = await t.peer(['accept', 'Sec-WebSocket-Protocol: CHAT']);
  await t.events(t.socket(peer.url, ['chat'])).failure();
});

test('W1 S2', 'a server that selects where none was asked fails the connection', async (t) => {
  const peer = await t.peer(['accept', 'Sec-WebSocket-Protocol: chat']);
  await t.events(t.socket(peer.url)).failure();
});

test('W1 S2', 'a server that selects two protocols fails the connection', async (t) => {
  const peer = await t.peer(['accept', 'Sec-WebSocket-Protocol: a', 'Sec-WebSocket-Protocol: b']);
  await t.events(t.socket(peer.url, ['a', 'b'])).failure();
});

test('W1 S2', 'a server that selects an empty protocol fails the connection', async (t) => {
  const peer = await t.peer(['accept', 'Sec-WebSocket-Protocol: ']);
  await t.events(t.socket(peer.url, ['a', 'b'])).failure();
});
