// Event, its subclasses, EventTarget and event handler attributes.

const attributesOf = (event, names) => names.map((name) => event[name]);

check('Event has defaults', () =>
  attributesOf(new Event('x'), [
    'type', 'target', 'srcElement', 'currentTarget', 'eventPhase', 'bubbles', 'cancelable',
    'returnValue', 'defaultPrevented', 'composed', 'isTrusted', 'cancelBubble',
  ]).concat(typeof new Event('x').timeStamp, new Event('x').composedPath()),
['x', null, null, null, 0, false, false, true, false, false, false, false, 'number']);
check('Event takes its members, converted', () =>
  attributesOf(new Event(1, { bubbles: 1, cancelable: 'a', composed: {} }), [
    'type', 'bubbles', 'cancelable', 'composed',
  ]), ['1', true, true, true]);
check('Event takes null and functions as dictionaries', () => [
  new Event('x', null).bubbles,
  new Event('x', Object.assign(() => {}, { bubbles: true })).bubbles,
], [false, true]);
check('Event refuses other dictionaries', () => new Event('x', 1), throws('TypeError'));
check('Event refuses a symbol', () => new Event(Symbol('x')), throws('TypeError'));
check('Event reads its members in the order of their names, each once', () => {
  const seen = [];
  new MessageEvent('x', new Proxy({}, { get: (_, key) => void seen.push(key) }));
  return seen;
}, ['bubbles', 'cancelable', 'composed', 'data', 'lastEventId', 'origin', 'ports', 'source']);
check('Event can be extended', () => {
  class Mine extends CloseEvent {
    extra = 1;
  }
  const event = new Mine('close', { code: 4000 });
  return [event.code, event.extra, event instanceof Event];
}, [4000, 1, true]);
check('isTrusted is unforgeable', () => {
  const a = Object.getOwnPropertyDescriptor(new Event('x'), 'isTrusted');
  const b = Object.getOwnPropertyDescriptor(new CloseEvent('x'), 'isTrusted');
  return [a.get.name, a.get === b.get, a.set, a.enumerable, a.configurable];
}, ['get isTrusted', true, undefined, true, false]);
check('timeStamp does not go back', () => {
  const first = new Event('x').timeStamp;
  return new Event('x').timeStamp >= first && first <= performance.now();
}, true);
check('initEvent changes an event', () => {
  const event = new Event('x', { cancelable: true });
  event.preventDefault();
  event.initEvent('y', true);
  return attributesOf(event, ['type', 'bubbles', 'cancelable', 'defaultPrevented']);
}, ['y', true, false, false]);
check('initEvent does nothing to one that is dispatched', () => {
  const target = new EventTarget();
  target.addEventListener('x', (event) => event.initEvent('y'));
  const event = new Event('x');
  target.dispatchEvent(event);
  return event.type;
}, 'x');

check('CloseEvent has defaults', () => attributesOf(new CloseEvent('x'), ['code', 'reason', 'wasClean']), [0, '', false]);
for (const [given, expected] of [
  [65535, 65535], [65536, 0], [65537, 1], [-1, 65535], [1000.9, 1000], [NaN, 0], [Infinity, 0],
  ['4000', 4000], [null, 0], [undefined, 0], [true, 1], ['x', 0],
]) {
  check(`CloseEvent's code of ${JSON.stringify(given) ?? given} is ${expected}`, () => new CloseEvent('x', { code: given }).code, expected);
}
check('CloseEvent refuses a bigint as code', () => new CloseEvent('x', { code: 1n }), throws('TypeError'));
check('CloseEvent replaces lone surrogates', () => new CloseEvent('x', { reason: '\ud800a' }).reason, '\ufffda');
check('CloseEvent takes null as text', () => new CloseEvent('x', { reason: null, wasClean: null }).reason, 'null');

check('MessageEvent has defaults', () => attributesOf(new MessageEvent('x'), ['data', 'origin', 'lastEventId', 'source', 'ports']), [null, '', '', null, []]);
check('MessageEvent takes any data', () => {
  const data = {};
  return [
    new MessageEvent('x', { data }).data === data,
    new MessageEvent('x', { data: undefined }).data,
    new MessageEvent('x', { origin: '\udc00', lastEventId: '\udc00' }).origin,
  ];
}, [true, null, '\ufffd']);
check('MessageEvent has frozen ports, always the same', () => {
  const event = new MessageEvent('x');
  return [Object.isFrozen(event.ports), event.ports === event.ports];
}, [true, true]);
check('MessageEvent refuses ports that are none', () => new MessageEvent('x', { ports: [{}] }), throws('TypeError'));
check('MessageEvent refuses ports that are no list', () => new MessageEvent('x', { ports: 1 }), throws('TypeError'));
check('MessageEvent refuses a source that is none', () => new MessageEvent('x', { source: {} }), throws('TypeError'));
check('initMessageEvent changes an event', () => {
  const event = new MessageEvent('x', { data: 1 });
  event.initMessageEvent('y', true, true, 2, 'o', 'l', null, []);
  return attributesOf(event, ['type', 'bubbles', 'cancelable', 'data', 'origin', 'lastEventId', 'source', 'ports']);
}, ['y', true, true, 2, 'o', 'l', null, []]);

check('ErrorEvent has defaults', () => attributesOf(new ErrorEvent('x'), ['message', 'filename', 'lineno', 'colno', 'error']), ['', '', 0, 0, undefined]);
check('ErrorEvent takes its members', () => attributesOf(new ErrorEvent('x', { message: 'm', filename: 'f', lineno: -1, colno: 2 ** 32 + 3, error: 5 }), ['message', 'filename', 'lineno', 'colno', 'error']), ['m', 'f', 4294967295, 3, 5]);
check('CustomEvent has a detail', () => [new CustomEvent('x').detail, new CustomEvent('x', { detail: 1 }).detail], [null, 1]);
check('initCustomEvent changes an event', () => {
  const event = new CustomEvent('x', { detail: 1 });
  event.initCustomEvent('y', true, true, 2);
  return attributesOf(event, ['type', 'bubbles', 'cancelable', 'detail']);
}, ['y', true, true, 2]);
check('PromiseRejectionEvent wants a promise', () => new PromiseRejectionEvent('x', {}), throws('TypeError'));
check('PromiseRejectionEvent wants a dictionary', () => new PromiseRejectionEvent('x'), throws('TypeError'));
check('PromiseRejectionEvent takes its members', () => {
  const promise = Promise.resolve();
  const event = new PromiseRejectionEvent('x', { promise, reason: 1 });
  return [event.promise === promise, event.reason];
}, [true, 1]);

const listen = (...listeners) => {
  const target = new EventTarget();
  for (const [listener, options] of listeners) {
    target.addEventListener('x', listener, options);
  }
  return target;
};

check('listeners are called with the event, the target as this', () => {
  const seen = [];
  const target = listen([function (event) {
    seen.push(this === target, event.target === target, event.currentTarget === target, event.srcElement === target, event.eventPhase, event.composedPath().length, arguments.length);
  }]);
  const event = new Event('x');
  const result = target.dispatchEvent(event);
  return [...seen, result, event.target === target, event.currentTarget, event.eventPhase, event.composedPath()];
}, [true, true, true, true, 2, 1, 1, true, true, null, 0, []]);
check('listeners run in the order added, capturing ones first', () => {
  const seen = [];
  listen([() => seen.push(1)], [() => seen.push(2), true], [() => seen.push(3), { capture: true }], [() => seen.push(4), false]).dispatchEvent(new Event('x'));
  return seen;
}, [2, 3, 1, 4]);
check('a listener is added once for each phase', () => {
  let calls = 0;
  const listener = () => calls++;
  const target = listen([listener], [listener], [listener, true], [listener, { once: true }]);
  target.dispatchEvent(new Event('x'));
  return calls;
}, 2);
check('a listener is removed by type, callback and phase', () => {
  let calls = 0;
  const listener = () => calls++;
  const target = listen([listener]);
  target.removeEventListener('y', listener);
  target.removeEventListener('x', () => {});
  target.removeEventListener('x', listener, true);
  target.dispatchEvent(new Event('x'));
  target.removeEventListener('x', listener, { passive: 1 });
  target.dispatchEvent(new Event('x'));
  return calls;
}, 1);
check('handleEvent is looked up at each call', () => {
  const seen = [];
  const listener = { handleEvent() { seen.push(this === listener, 1); } };
  const target = listen([listener]);
  target.dispatchEvent(new Event('x'));
  listener.handleEvent = () => seen.push(2);
  target.dispatchEvent(new Event('x'));
  return seen;
}, [true, 1, 2]);
check('a callable is called itself, even with a handleEvent', () => {
  const seen = [];
  const listener = () => seen.push('call');
  listener.handleEvent = () => seen.push('handleEvent');
  listen([listener]).dispatchEvent(new Event('x'));
  return seen;
}, ['call']);
check('null and undefined are no listeners, but no errors', () => {
  const target = listen([null], [undefined]);
  target.removeEventListener('x', null);
  return target.dispatchEvent(new Event('x'));
}, true);
for (const listener of [1, 'f', true, Symbol.iterator]) {
  check(`${String(listener)} is no listener`, () => new EventTarget().addEventListener('x', listener), throws('TypeError'));
}
check('what listeners throw is reported, and does not stop the others', () => {
  const seen = [];
  const report = (event) => {
    seen.push(event.error, event.message.includes('first'), event.isTrusted, event.cancelable);
    event.preventDefault();
  };
  addEventListener('error', report);
  const target = listen([() => { throw new RangeError('first'); }], [() => seen.push('second')], [{ handleEvent: 5 }]);
  const result = target.dispatchEvent(new Event('x'));
  removeEventListener('error', report);
  return [...seen.map((one) => one instanceof Error ? one.name : one), result];
}, ['RangeError', true, true, true, 'second', 'TypeError', false, true, true, true]);
check('a listener once is removed before it runs', () => {
  let calls = 0;
  const target = listen([() => {
    calls++;
    target.dispatchEvent(new Event('x'));
  }, { once: true }]);
  target.dispatchEvent(new Event('x'));
  return calls;
}, 1);
check('a listener removed by another does not run', () => {
  const seen = [];
  const second = () => seen.push(2);
  const target = listen([() => target.removeEventListener('x', second)], [second]);
  target.dispatchEvent(new Event('x'));
  return seen;
}, []);
check('a listener added by another does not run yet', () => {
  const seen = [];
  const target = listen([() => target.addEventListener('x', () => seen.push(2))]);
  target.dispatchEvent(new Event('x'));
  return seen;
}, []);
check('a listener ends with its signal', () => {
  const seen = [];
  const controller = new AbortController();
  const target = listen([() => seen.push(1), { signal: controller.signal }], [() => seen.push(2)]);
  target.dispatchEvent(new Event('x'));
  controller.abort();
  target.dispatchEvent(new Event('x'));
  return seen;
}, [1, 2, 2]);
check('a listener is not added with an aborted signal', () => {
  let calls = 0;
  listen([() => calls++, { signal: AbortSignal.abort() }]).dispatchEvent(new Event('x'));
  return calls;
}, 0);
for (const signal of [null, 1, {}]) {
  check(`${JSON.stringify(signal)} is no signal`, () => listen([() => {}, { signal }]), throws('TypeError'));
}
check('a passive listener cannot cancel', () => {
  const event = new Event('x', { cancelable: true });
  return [listen([(e) => e.preventDefault(), { passive: true }]).dispatchEvent(event), event.defaultPrevented];
}, [true, false]);
check('preventDefault cancels what is cancelable', () => {
  const cancel = (event) => event.preventDefault();
  const both = [false, true].map((cancelable) => {
    const event = new Event('x', { cancelable });
    return [listen([cancel]).dispatchEvent(event), event.defaultPrevented, event.returnValue];
  });
  return both;
}, [[true, false, true], [false, true, false]]);
check('returnValue cancels when it is false', () => {
  const event = new Event('x', { cancelable: true });
  event.returnValue = true;
  const first = event.defaultPrevented;
  event.returnValue = 0;
  return [first, event.defaultPrevented, event.returnValue];
}, [false, true, false]);
check('stopPropagation in a capturing listener stops the others of the target', () => {
  const seen = [];
  listen([() => seen.push('bubble')], [(event) => { seen.push('capture'); event.stopPropagation(); }, true], [() => seen.push('capture too'), true]).dispatchEvent(new Event('x'));
  return seen;
}, ['capture', 'capture too']);
check('stopPropagation does not stop those of the same phase', () => {
  const seen = [];
  listen([(event) => { event.stopPropagation(); seen.push(event.cancelBubble); }], [() => seen.push(2)]).dispatchEvent(new Event('x'));
  return seen;
}, [true, 2]);
check('stopImmediatePropagation stops all', () => {
  const seen = [];
  const event = new Event('x');
  listen([(e) => { e.stopImmediatePropagation(); seen.push(1); }], [() => seen.push(2)]).dispatchEvent(event);
  return [...seen, event.cancelBubble];
}, [1, false]);
check('stopPropagation before dispatch stops all', () => {
  let calls = 0;
  const event = new Event('x');
  event.cancelBubble = true;
  const target = listen([() => calls++]);
  target.dispatchEvent(event);
  target.dispatchEvent(event);
  return calls;
}, 1);
check('an event can be dispatched again', () => {
  const seen = [];
  const event = new Event('x');
  const [a, b] = [listen([(e) => seen.push(e.target === a)]), listen([(e) => seen.push(e.target === b)])];
  a.dispatchEvent(event);
  b.dispatchEvent(event);
  return seen;
}, [true, true]);
check('an event cannot be dispatched while it is', () => {
  let error;
  const target = listen([(event) => {
    try {
      target.dispatchEvent(event);
    } catch (e) {
      error = e;
    }
  }]);
  target.dispatchEvent(new Event('x'));
  return error;
}, new DOMException('', 'InvalidStateError'));
for (const event of [null, undefined, {}, 'x', Object.create(Event.prototype)]) {
  check(`${typeof event} ${String(Object.prototype.toString.call(event))} is no event`, () => new EventTarget().dispatchEvent(event), throws('TypeError'));
}
check('EventTarget can be extended', () => {
  class Mine extends EventTarget {
    ping() {
      return this.dispatchEvent(new Event('ping', { cancelable: true }));
    }
  }
  const mine = new Mine();
  mine.addEventListener('ping', (event) => event.preventDefault());
  return [mine.ping(), mine instanceof EventTarget];
}, [false, true]);
check('options are read in the order of their names', () => {
  const seen = [];
  new EventTarget().addEventListener('x', null, new Proxy({}, { get: (_, key) => void seen.push(key) }));
  return seen;
}, ['capture', 'once', 'passive', 'signal']);
check('does not mind changed prototypes', () => {
  const { push } = Array.prototype;
  const iterator = Array.prototype[Symbol.iterator];
  const seen = [];
  let result;
  try {
    Array.prototype.push = () => { throw new Error('push'); };
    Array.prototype[Symbol.iterator] = () => { throw new Error('iterator'); };
    const target = new EventTarget();
    target.addEventListener('x', () => { seen[seen.length] = 1; });
    target.dispatchEvent(new Event('x'));
    result = new URLSearchParams('a=1').get('a');
  } finally {
    Array.prototype.push = push;
    Array.prototype[Symbol.iterator] = iterator;
  }
  return [seen, result];
}, [[1], '1']);

// Event handler attributes, shown by that of AbortSignal and those of the global object

const signalWith = (handler) => {
  const controller = new AbortController();
  controller.signal.onabort = handler;
  return controller;
};
for (const [name, value] of [['a number', 1], ['a string', 'f'], ['undefined', undefined], ['a symbol', Symbol('x')]]) {
  check(`${name} as a handler is null`, () => signalWith(value).signal.onabort, null);
}
check('an object as a handler is kept, and not called', () => {
  const handler = { handleEvent() { throw new Error('called'); } };
  const controller = signalWith(handler);
  controller.abort();
  return controller.signal.onabort === handler;
}, true);
check('a handler keeps its place when it is replaced', () => {
  const seen = [];
  const controller = new AbortController();
  const { signal } = controller;
  signal.addEventListener('abort', () => seen.push('before'));
  signal.onabort = () => seen.push('old');
  signal.addEventListener('abort', () => seen.push('after'));
  signal.onabort = () => seen.push('new');
  controller.abort();
  return seen;
}, ['before', 'new', 'after']);
check('a handler loses its place when it was null', () => {
  const seen = [];
  const controller = new AbortController();
  const { signal } = controller;
  signal.onabort = () => seen.push('old');
  signal.addEventListener('abort', () => seen.push('listener'));
  signal.onabort = null;
  signal.onabort = () => seen.push('new');
  controller.abort();
  return seen;
}, ['listener', 'new']);
check('a handler has the target as this and the event as argument', () => {
  const seen = [];
  const controller = signalWith(function (event) {
    seen.push(this === controller.signal, event.type, arguments.length);
  });
  controller.abort();
  return seen;
}, [true, 'abort', 1]);
check('a handler that returns false cancels, one that returns another value does not', () =>
  [false, undefined, 0].map((value) => {
    const controller = signalWith(() => value);
    const event = new Event('abort', { cancelable: true });
    return controller.signal.dispatchEvent(event);
  }), [false, true, true]);
check('the handler of the global object for errors has five arguments, and true cancels', () => {
  const seen = [];
  const results = [true, false].map((value) => {
    self.onerror = (...args) => {
      seen.push(args);
      return value;
    };
    return dispatchEvent(new ErrorEvent('error', { message: 'm', filename: 'f', lineno: 1, colno: 2, error: 3, cancelable: true }));
  });
  self.onerror = null;
  return [seen, results];
}, [[['m', 'f', 1, 2, 3], ['m', 'f', 1, 2, 3]], [false, true]]);
check('the handler of the global object for other events of that name has one', () => {
  let args;
  self.onerror = (...given) => {
    args = given;
  };
  dispatchEvent(new Event('error'));
  self.onerror = null;
  return args.length;
}, 1);
check('reportError reports', () => {
  const seen = [];
  addEventListener('error', (event) => {
    seen.push(event.error, event.message !== '');
    event.preventDefault();
  }, { once: true });
  reportError(5);
  return seen;
}, [5, true]);
check('reportError wants an argument', () => reportError(), throws('TypeError'));
