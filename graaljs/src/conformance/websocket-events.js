// The order of events and what they hold: one at a time, promise reactions before the next.

test('W4', 'open comes before a message of the same TCP segment as the 101', async (t) => {
  const peer = await t.peer(['accept'], ['text', 'a'], ['text', 'b'], ['close', 1000]);
  const events = t.events(t.socket(peer.url));
  equal(await events.types(), ['open', 'message', 'message', 'close']);
});

test('W4', 'messages come in the order in which they were sent', async (t) => {
  const peer = await t.peer(['accept'], ['numbers', 500], ['close', 1000]);
  const events = t.events(t.socket(peer.url));
  await events.types();
  equal(
    events.all.slice(1, -1).map(({ data }) => data),
    Array.from({ length: 500 }, (_, i) => String(i)),
  );
});

test('W4', 'all messages before a Close come before the close event', async (t) => {
  const { events } = await t.opened(['numbers', 50], ['close', 1000]);
  const types = await events.types();
  equal([types.length, types.at(-1)], [52, 'close']);
});

test('W4', 'promise reactions run before the next event', async (t) => {
  const peer = await t.peer(['accept'], ['numbers', 3], ['close', 1000]);
  const socket = t.socket(peer.url);
  const log = [];
  for (const type of ['open', 'message', 'close']) {
    socket.addEventListener(type, async ({ data }) => {
      log.push(type + (data ?? ''));
      await undefined;
      await undefined;
      log.push('reaction');
    });
  }
  await t.events(socket).types();
  await t.nextTask();
  equal(log, [
    'open',
    'reaction',
    'message0',
    'reaction',
    'message1',
    'reaction',
    'message2',
    'reaction',
    'close',
    'reaction',
  ]);
});

test('W4', 'promise reactions of one listener run before the next listener', async (t) => {
  const peer = await t.peer(['accept'], ['text', 'a'], ['close', 1000]);
  const socket = t.socket(peer.url);
  const log = [];
  socket.addEventListener('message', () => {
    log.push('one');
    queueMicrotask(() => log.push('reaction'));
  });
  socket.addEventListener('message', () => log.push('two'));
  await t.events(socket).types();
  equal(log, ['one', 'reaction', 'two']);
});

test('W4', 'promise reactions of the error event run before the close event', async (t) => {
  const socket = t.socket(`${conformance.closed}/`);
  const log = [];
  socket.onerror = async () => {
    log.push('error');
    await undefined;
    log.push('reaction');
  };
  socket.onclose = () => log.push('close');
  await t.events(socket).types();
  equal(log, ['error', 'reaction', 'close']);
});

test('W4', 'no event comes from inside the constructor or its microtasks', async (t) => {
  const socket = t.socket(`${conformance.closed}/`);
  const events = t.events(socket);
  for (let i = 0; i < 50; i++) {
    await undefined;
  }
  equal(events.all.length, 0);
  await events.failure();
});

test('W4', 'listeners added in the task of the constructor miss nothing', async (t) => {
  const peer = await t.peer(['accept'], ['close', 1000]);
  const socket = t.socket(peer.url);
  await undefined;
  equal(await t.events(socket).types(), ['open', 'close']);
});

test('W4', 'no message comes after close()', async (t) => {
  const { socket, peer, events } = await t.opened(['go'], ['numbers', 10], ['answerClose']);
  await peer.go();
  await events.next('message');
  socket.close(1000);
  const before = events.all.length;
  await events.types();
  equal(
    events.all.slice(before).map(({ type }) => type),
    ['close'],
  );
});

test('W4', 'close() in a message handler drops messages that have arrived already', async (t) => {
  const peer = await t.peer(['accept'], ['numbers', 10], ['answerClose']);
  const socket = t.socket(peer.url);
  socket.onmessage = () => socket.close(1000);
  equal(await t.events(socket).types(), ['open', 'message', 'close']);
});

test('W4', 'close() in the open handler drops messages that have arrived already', async (t) => {
  const peer = await t.peer(['accept'], ['numbers', 10], ['answerClose']);
  const socket = t.socket(peer.url);
  socket.onopen = () => socket.close(1000);
  equal(await t.events(socket).types(), ['open', 'close']);
});

test('W4', 'a handler that sends is answered after the handlers of the same event', async (t) => {
  const socket = t.socket(`${conformance.echo}/echo`);
  const log = [];
  socket.addEventListener('open', () => {
    socket.send('a');
    log.push('one');
  });
  socket.addEventListener('open', () => log.push('two'));
  await new Promise((resolve) => {
    socket.onmessage = ({ data }) => {
      log.push(data);
      resolve();
    };
  });
  equal(log, ['one', 'two', 'a']);
});

test('W4', 'a message event has data and the origin of the URL', async (t) => {
  const { socket, events } = await t.opened(['text', 'hello']);
  const event = await events.next('message');
  equal(Object.getPrototypeOf(event), MessageEvent.prototype, 'prototype');
  equal([event.data, event.origin], ['hello', new URL(socket.url).origin]);
});

test('W4', 'a message event has no id, source or ports', async (t) => {
  const { events } = await t.opened(['text', 'hello']);
  const event = await events.next('message');
  equal([event.lastEventId, event.source, event.ports.length], ['', null, 0]);
});

test('W4', 'a message event does not bubble, cannot be cancelled, and is trusted', async (t) => {
  const { socket, events } = await t.opened(['text', 'hello']);
  const event = await events.next('message');
  equal(
    [event.bubbles, event.cancelable, event.composed, event.isTrusted],
    [false, false, false, true],
  );
  event.preventDefault();
  equal(event.defaultPrevented, false, 'defaultPrevented');
  equal([event.target === socket, event.srcElement === socket], [true, true], 'target');
});

test('W4', 'a close event does not bubble, cannot be cancelled, and is trusted', async (t) => {
  const { socket, events } = await t.opened(['close', 1000]);
  const event = await events.next('close');
  equal(Object.getPrototypeOf(event), CloseEvent.prototype, 'prototype');
  equal(
    [event.bubbles, event.cancelable, event.composed, event.isTrusted],
    [false, false, false, true],
  );
  equal(event.target === socket, true, 'target');
});

test('W4', 'an event knows its target and phase only while it is dispatched', async (t) => {
  const { socket, events } = await t.opened(['text', 'hello']);
  const during = await new Promise((resolve) => {
    socket.onmessage = (event) =>
      resolve([
        event.target === socket,
        event.currentTarget === socket,
        event.eventPhase,
        event.composedPath().length,
      ]);
  });
  equal(during, [true, true, Event.AT_TARGET, 1], 'during the dispatch');
  const event = await events.next('message');
  await t.nextTask();
  equal(
    [event.currentTarget, event.eventPhase, event.composedPath().length],
    [null, Event.NONE, 0],
    'after the dispatch',
  );
});

test('W4', 'timeStamp is a time since the page began, and grows', async (t) => {
  const before = performance.now();
  const { events } = await t.opened(['text', 'a'], ['close', 1000]);
  await events.types();
  const [open, message, close] = events.all.map(({ timeStamp }) => timeStamp);
  truthy(
    before <= open + 1 && open <= message && message <= close && close <= performance.now() + 1,
    `growing times but was ${[before, open, message, close, performance.now()]}`,
  );
});

test('W4', 'a text in fragments is one message', async (t) => {
  const { events } = await t.opened(['hex', '01 02 67c3 00 01 bc 80 03 c39f65']);
  equal((await events.next('message')).data, 'gü\u00DFe');
});

test('W4', 'a ping between fragments is answered and makes no event', async (t) => {
  const { peer, events } = await t.opened(
    ['hex', '01 01 61'],
    ['ping', '0102'],
    ['read', 1],
    ['hex', '80 01 62'],
    ['close', 1000],
  );
  equal((await events.next('message')).data, 'ab');
  await events.clean(1000, '');
  const [pong] = (await peer.seen()).frames;
  equal([pong.opcode, pong.hex, pong.masked], [10, '0102', true]);
});

test('W4', 'an unasked pong makes no event', async (t) => {
  const { events } = await t.opened(['hex', '8a 01 07'], ['text', 'a'], ['close', 1000]);
  equal(await events.types(), ['open', 'message', 'close']);
});

test('W4', 'an empty message is an event with empty data', async (t) => {
  const { events } = await t.opened(['text', ''], ['binary', '']);
  equal((await events.next('message')).data, '', 'text');
  equal((await events.next('message')).data.size, 0, 'size of the Blob');
});

for (const [what, bytes] of [
  ['a text that is not UTF-8', '81 01 ff'],
  ['an overlong sequence of UTF-8', '81 02 c0af'],
  ['a surrogate in UTF-8', '81 03 eda080'],
  ['a text that ends within a letter', '81 01 c3'],
  ['a masked frame', '81 81 00000000 61'],
  ['a reserved bit', 'c1 01 61'],
  ['an unknown opcode', '83 00'],
  ['an unknown control opcode', '8b 00'],
  ['a fragmented ping', '09 00'],
  ['a ping of 126 bytes', `89 7e 007e ${'00'.repeat(126)}`],
  ['a continuation of nothing', '80 01 61'],
  ['a text within a fragmented message', '01 01 61 81 01 62'],
]) {
  test('W4', `${what} fails the connection: error and close with 1006`, async (t) => {
    const { peer, events } = await t.opened(['hex', bytes], ['readClose'], ['end']);
    await events.failure();
    const [close] = (await peer.seen()).frames;
    truthy([1002, 1007].includes(close.code), `1002 or 1007 but was ${close.code}`);
  });
}

test('W4', 'messages before a violation of the protocol arrive', async (t) => {
  const { events } = await t.opened(['text', 'a'], ['hex', '83 00'], ['readClose'], ['end']);
  equal((await events.next('message')).data, 'a');
  await events.failure();
});
