// AbortController and AbortSignal.

const showReason = (signal) => [signal.aborted, signal.reason];

check('a new signal is not aborted', () => {
  const controller = new AbortController();
  return [showReason(controller.signal), controller.signal === controller.signal];
}, [[false, undefined], true]);
check('abort() gives an AbortError', () => {
  const controller = new AbortController();
  controller.abort();
  return showReason(controller.signal);
}, [true, new DOMException('', 'AbortError')]);
check('abort(undefined) gives an AbortError too', () => {
  const controller = new AbortController();
  controller.abort(undefined);
  return controller.signal.reason;
}, new DOMException('', 'AbortError'));
check('abort(reason) gives the reason, once', () => {
  const seen = [];
  const controller = new AbortController();
  controller.signal.addEventListener('abort', (event) => seen.push(event.type, event.isTrusted, event.bubbles, event.target === controller.signal));
  controller.abort(null);
  controller.abort('again');
  return [...seen, showReason(controller.signal)];
}, ['abort', true, false, true, [true, null]]);
check('throwIfAborted throws the reason', () => {
  const controller = new AbortController();
  const before = controller.signal.throwIfAborted();
  controller.abort('why');
  try {
    controller.signal.throwIfAborted();
  } catch (e) {
    return [before, e];
  }
}, [undefined, 'why']);
check('AbortSignal.abort is aborted', () => [showReason(AbortSignal.abort()), showReason(AbortSignal.abort(7))], [[true, new DOMException('', 'AbortError')], [true, 7]]);
check('AbortSignal.timeout aborts with a TimeoutError', async () => {
  const signal = AbortSignal.timeout(5);
  const before = signal.aborted;
  const event = await new Promise((resolve) => {
    signal.onabort = resolve;
  });
  return [before, signal.aborted, signal.reason, event.isTrusted];
}, [false, true, new DOMException('', 'TimeoutError'), true]);
for (const delay of [-1, NaN, Infinity, 2 ** 53, 'x', undefined, 1n]) {
  check(`AbortSignal.timeout refuses ${String(delay)}`, () => AbortSignal.timeout(delay), throws('TypeError'));
}
check('AbortSignal.timeout takes what is a number', () => ['7', null, 0.5, -0.5, 2 ** 53 - 1].map((delay) => AbortSignal.timeout(delay).aborted), [false, false, false, false, false]);

check('any of none is never aborted', () => AbortSignal.any([]).aborted, false);
check('any of an aborted one is aborted by the first', () => showReason(AbortSignal.any([new AbortController().signal, AbortSignal.abort(1), AbortSignal.abort(2)])), [true, 1]);
check('any follows its signals', () => {
  const [a, b] = [new AbortController(), new AbortController()];
  const any = AbortSignal.any([a.signal, b.signal]);
  const seen = [];
  any.onabort = (event) => seen.push(event.isTrusted, any.reason);
  b.abort('b');
  a.abort('a');
  return [...seen, any instanceof AbortSignal];
}, [true, 'b', true]);
check('any follows others of its kind', () => {
  const controller = new AbortController();
  const inner = AbortSignal.any([controller.signal]);
  const outer = AbortSignal.any([inner, new AbortController().signal]);
  controller.abort(1);
  return [outer.aborted, outer.reason, inner.reason];
}, [true, 1, 1]);
check('all are aborted before the first event', () => {
  const controller = new AbortController();
  const any = AbortSignal.any([controller.signal]);
  const outer = AbortSignal.any([any]);
  const seen = [];
  outer.addEventListener('abort', () => seen.push('outer'));
  controller.signal.addEventListener('abort', () => seen.push('source', any.aborted, outer.aborted));
  any.addEventListener('abort', () => seen.push('any'));
  controller.abort();
  return seen;
}, ['source', true, true, 'any', 'outer']);
check('any takes iterables', () => AbortSignal.any(new Set([AbortSignal.abort(3)])).reason, 3);
for (const signals of [undefined, null, 1, {}, [1], [null], new AbortController().signal]) {
  check(`any refuses ${show(signals)}`, () => AbortSignal.any(signals), throws('TypeError'));
}
check('a signal that aborts inside of its event does it once', () => {
  let calls = 0;
  const controller = new AbortController();
  controller.signal.onabort = () => {
    calls++;
    controller.abort();
  };
  controller.abort();
  return calls;
}, 1);
check('listeners end before the event that their signal fires', () => {
  const controller = new AbortController();
  const { signal } = controller;
  let calls = 0;
  signal.addEventListener('abort', () => calls++, { signal });
  controller.abort();
  return calls;
}, 0);
check('a thousand followers that nobody has any more do not matter', () => {
  const controller = new AbortController();
  let last;
  for (let i = 0; i < 1000; i++) {
    last = AbortSignal.any([controller.signal]);
  }
  controller.abort(1);
  return last.reason;
}, 1);
