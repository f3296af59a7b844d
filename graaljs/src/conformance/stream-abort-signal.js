// The signal of a WebSocketStream.

test(
  'S3',
  'a signal that is aborted already rejects opened and closed with its reason',
  async (t) => {
    const reason = {};
    const stream = t.stream(`${conformance.peer}/`, { signal: AbortSignal.abort(reason) });
    await rejects(reason, stream.opened);
    await rejects(reason, stream.closed);
  },
);

test('S3', 'a signal that is aborted already rejects with an AbortError by default', async (t) => {
  const stream = t.stream(`${conformance.peer}/`, { signal: AbortSignal.abort() });
  const error = await rejects('AbortError', stream.opened);
  await rejects(error, stream.closed);
});

test('S3', 'a signal that is aborted already attempts no connection', async (t) => {
  const peer = await t.peer(['accept'], ['close', 1000]);
  const stream = t.stream(peer.url, { signal: AbortSignal.abort() });
  await rejects('AbortError', stream.opened);
  // Another one to the same port comes after it, if there is one.
  const other = await t.peer(['accept'], ['close', 1000]);
  await t.stream(other.url).closed;
  equal(await peer.connections(), 0);
});

test('S3', 'url is there though the signal is aborted', async (t) => {
  const stream = t.stream(conformance.peer, { signal: AbortSignal.abort() });
  stream.opened.catch(() => {});
  equal(stream.url, `${conformance.peer}/`);
});

test(
  'S3',
  'a signal aborted during the handshake rejects opened and closed with its reason',
  async (t) => {
    const peer = await t.peer(['go'], ['accept']);
    const controller = new AbortController();
    const stream = t.stream(peer.url, { signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await rejects(reason, stream.opened);
    await rejects(reason, stream.closed);
  },
);

test('S3', 'a signal aborted during the handshake drops the connection', async (t) => {
  const peer = await t.peer(['readClose'], ['end']);
  const controller = new AbortController();
  const stream = t.stream(peer.url, { signal: controller.signal });
  while ((await peer.connections()) === 0) {
    await t.nextTask();
  }
  controller.abort();
  await rejects('AbortError', stream.opened);
  truthy(!(await peer.seen()).ended.includes('timed out'), 'the end of the connection');
});

test('S3', 'a signal aborted after opened does nothing', async (t) => {
  const peer = await t.peer(['accept'], ['read', 1], ['text', 'still here'], ['close', 1000]);
  const controller = new AbortController();
  const stream = t.stream(peer.url, { signal: controller.signal });
  const { readable, writable } = await stream.opened;
  controller.abort();
  await writable.getWriter().write('a');
  equal((await readable.getReader().read()).value, 'still here');
  equal(await stream.closed, { closeCode: 1000, reason: '' });
});

test('S3', 'a signal aborted after a failure changes nothing', async (t) => {
  const controller = new AbortController();
  const stream = t.stream(`${conformance.closed}/`, { signal: controller.signal });
  const error = await rejects(WebSocketError, stream.closed);
  controller.abort();
  await rejects(WebSocketError, stream.opened);
  await rejects(error, stream.closed);
});

test('S3', 'one signal stops several openings', async (t) => {
  const controller = new AbortController();
  const peer = await t.peer(['go'], ['accept']);
  const streams = [1, 2, 3].map(() => t.stream(peer.url, { signal: controller.signal }));
  controller.abort('all');
  for (const stream of streams) {
    equal(await stream.opened.catch((reason) => reason), 'all');
  }
});

test('S3', 'a timeout signal stops an opening with a TimeoutError', async (t) => {
  const peer = await t.peer(['go'], ['accept']);
  const stream = t.stream(peer.url, { signal: AbortSignal.timeout(10) });
  await rejects('TimeoutError', stream.opened);
});

test('S3 S6', 'an aborted stream that nobody looks at reports nothing', async (t) => {
  new WebSocketStream(`${conformance.peer}/`, { signal: AbortSignal.abort() });
  await t.nothingReported();
});

test('S3 S17', 'close() after an abort during the handshake does nothing', async (t) => {
  const peer = await t.peer(['go'], ['accept']);
  const controller = new AbortController();
  const stream = t.stream(peer.url, { signal: controller.signal });
  controller.abort('enough');
  equal(stream.close(), undefined);
  equal(await stream.opened.catch((reason) => reason), 'enough');
  equal(await stream.closed.catch((reason) => reason), 'enough');
});
