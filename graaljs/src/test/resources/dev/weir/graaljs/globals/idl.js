// The shape of interfaces as Web IDL prescribes it, over all that are global.

const descriptorOf = (object, key) => {
  const d = Object.getOwnPropertyDescriptor(object, key);
  if (d === undefined) {
    return 'none';
  }
  const flags = `${d.writable ? 'w' : ''}${d.enumerable ? 'e' : ''}${d.configurable ? 'c' : ''}`;
  const kind = 'value' in d ? typeof d.value : `${d.get ? 'get' : ''}${d.set ? 'set' : ''}`;
  return `${kind} ${flags}`;
};

// name, length, name of what it extends
const interfaces = [
  ['AbortController', 0, null],
  ['AbortSignal', 0, 'EventTarget'],
  ['Blob', 0, null],
  ['CloseEvent', 1, 'Event'],
  ['CustomEvent', 1, 'Event'],
  ['DOMException', 0, null],
  ['ErrorEvent', 1, 'Event'],
  ['Event', 1, null],
  ['EventTarget', 0, null],
  ['File', 2, 'Blob'],
  ['MessageEvent', 1, 'Event'],
  ['Performance', 0, 'EventTarget'],
  ['PromiseRejectionEvent', 2, 'Event'],
  ['TextDecoder', 0, null],
  ['TextEncoder', 0, null],
  ['TextDecoderStream', 0, null],
  ['TextEncoderStream', 0, null],
  ['URL', 1, null],
  ['URLSearchParams', 0, null],
  ['WorkerLocation', 0, null],
];
for (const [name, length, parent] of interfaces) {
  check(
    `${name} is an interface object`,
    () => {
      const type = globalThis[name];
      return [
        descriptorOf(globalThis, name),
        type.name,
        type.length,
        descriptorOf(type, 'length'),
        descriptorOf(type, 'name'),
        descriptorOf(type, 'prototype'),
        descriptorOf(type.prototype, 'constructor'),
        type.prototype.constructor === type,
        descriptorOf(type.prototype, Symbol.toStringTag),
        type.prototype[Symbol.toStringTag],
      ];
    },
    [
      'function wc',
      name,
      length,
      'number c',
      'string c',
      'object ',
      'function wc',
      true,
      'string c',
      name,
    ],
  );
  check(
    `${name} has the prototypes of its inheritance`,
    () => {
      const type = globalThis[name];
      const plain = name === 'DOMException' ? Error.prototype : Object.prototype;
      return [
        Object.getPrototypeOf(type) === (parent === null ? Function.prototype : globalThis[parent]),
        Object.getPrototypeOf(type.prototype) ===
          (parent === null ? plain : globalThis[parent].prototype),
      ];
    },
    [true, true],
  );
  check(`${name} wants new`, () => globalThis[name]('x', 'x'), throws('TypeError'));
}

// interface, read-only attributes, attributes, operations with their lengths
const members = [
  ['AbortController', ['signal'], [], { abort: 0 }],
  ['AbortSignal', ['aborted', 'reason'], ['onabort'], { throwIfAborted: 0 }],
  [
    'Blob',
    ['size', 'type'],
    [],
    { slice: 0, stream: 0, text: 0, arrayBuffer: 0, bytes: 0 },
  ],
  ['CloseEvent', ['wasClean', 'code', 'reason'], [], {}],
  ['CustomEvent', ['detail'], [], { initCustomEvent: 1 }],
  ['DOMException', ['name', 'message', 'code'], [], {}],
  ['ErrorEvent', ['message', 'filename', 'lineno', 'colno', 'error'], [], {}],
  [
    'Event',
    [
      'type',
      'target',
      'srcElement',
      'currentTarget',
      'eventPhase',
      'bubbles',
      'cancelable',
      'defaultPrevented',
      'composed',
      'timeStamp',
    ],
    ['cancelBubble', 'returnValue'],
    {
      composedPath: 0,
      stopPropagation: 0,
      stopImmediatePropagation: 0,
      preventDefault: 0,
      initEvent: 1,
    },
  ],
  [
    'EventTarget',
    [],
    [],
    { addEventListener: 2, removeEventListener: 2, dispatchEvent: 1 },
  ],
  ['File', ['name', 'lastModified'], [], {}],
  [
    'MessageEvent',
    ['data', 'origin', 'lastEventId', 'source', 'ports'],
    [],
    { initMessageEvent: 1 },
  ],
  ['PromiseRejectionEvent', ['promise', 'reason'], [], {}],
  ['TextDecoder', ['encoding', 'fatal', 'ignoreBOM'], [], { decode: 0 }],
  ['TextEncoder', ['encoding'], [], { encode: 0, encodeInto: 2 }],
  ['TextDecoderStream', ['encoding', 'fatal', 'ignoreBOM', 'readable', 'writable'], [], {}],
  ['TextEncoderStream', ['encoding', 'readable', 'writable'], [], {}],
  [
    'URL',
    ['origin', 'searchParams'],
    [
      'href',
      'protocol',
      'username',
      'password',
      'host',
      'hostname',
      'port',
      'pathname',
      'search',
      'hash',
    ],
    { toJSON: 0, toString: 0 },
  ],
  [
    'URLSearchParams',
    ['size'],
    [],
    {
      append: 2,
      delete: 1,
      get: 1,
      getAll: 1,
      has: 1,
      set: 2,
      sort: 0,
      toString: 0,
      entries: 0,
      forEach: 1,
      keys: 0,
      values: 0,
    },
  ],
];
for (const [name, readOnly, attributes, operations] of members) {
  const prototype = globalThis[name].prototype;
  for (const key of [...readOnly, ...attributes]) {
    const settable = attributes.includes(key);
    check(
      `${name}.prototype.${key} is an attribute`,
      () => {
        const d = Object.getOwnPropertyDescriptor(prototype, key);
        return [descriptorOf(prototype, key), d.get.name, d.get.length, d.set?.name, d.set?.length];
      },
      settable
        ? ['getset ec', `get ${key}`, 0, `set ${key}`, 1]
        : ['get ec', `get ${key}`, 0, undefined, undefined],
    );
    check(`${name}.prototype.${key} checks the brand`, () => prototype[key], throws('TypeError'));
    check(
      `${name}.prototype.${key} checks the brand of null`,
      () => Object.getOwnPropertyDescriptor(prototype, key).get.call(null),
      throws('TypeError'),
    );
  }
  for (const [key, length] of Object.entries(operations)) {
    check(
      `${name}.prototype.${key} is an operation`,
      () => [
        descriptorOf(prototype, key),
        prototype[key].name,
        prototype[key].length,
        'prototype' in prototype[key],
      ],
      ['function wec', key, length, false],
    );
    check(
      `${name}.prototype.${key} checks the brand`,
      async () => prototype[key].call({}, 'x', 'x'),
      throws('TypeError'),
    );
    if (length > 0) {
      check(
        `${name}.prototype.${key} counts its arguments`,
        () => {
          const object = {
            CustomEvent: () => new CustomEvent('x'),
            Event: () => new Event('x'),
            EventTarget: () => new EventTarget(),
            MessageEvent: () => new MessageEvent('x'),
            TextEncoder: () => new TextEncoder(),
            URLSearchParams: () => new URLSearchParams(),
          }[name]();
          object[key]();
        },
        throws('TypeError'),
      );
    }
  }
}

for (const [name, key, length] of [
  ['AbortSignal', 'abort', 0],
  ['AbortSignal', 'any', 1],
  ['AbortSignal', 'timeout', 1],
  ['URL', 'canParse', 1],
  ['URL', 'parse', 1],
]) {
  check(
    `${name}.${key} is a static operation`,
    () => [descriptorOf(globalThis[name], key), globalThis[name][key].length],
    ['function wec', length],
  );
}

for (const name of ['AbortSignal', 'Performance', 'WorkerLocation']) {
  check(`${name} has no constructor`, () => new globalThis[name](), throws('TypeError'));
}

for (const [name, length] of [
  ['addEventListener', 2],
  ['atob', 1],
  ['btoa', 1],
  ['clearTimeout', 0],
  ['queueMicrotask', 1],
  ['reportError', 1],
  ['setTimeout', 1],
  ['structuredClone', 1],
]) {
  check(
    `${name} is a global operation`,
    () => [typeof globalThis[name], globalThis[name].length],
    ['function', length],
  );
}

for (const object of ['Event', 'Event.prototype']) {
  check(
    `${object} has the constants`,
    () => {
      const holder = object === 'Event' ? Event : Event.prototype;
      return ['NONE', 'CAPTURING_PHASE', 'AT_TARGET', 'BUBBLING_PHASE'].map((key) => [
        holder[key],
        descriptorOf(holder, key),
      ]);
    },
    [
      [0, 'number e'],
      [1, 'number e'],
      [2, 'number e'],
      [3, 'number e'],
    ],
  );
}

check(
  'the tag is that of the interface',
  () =>
    [new Event('x'), new EventTarget(), new URL('a:b'), new Blob(), new DOMException()].map((o) =>
      Object.prototype.toString.call(o),
    ),
  ['[object Event]', '[object EventTarget]', '[object URL]', '[object Blob]', '[object DOMException]'],
);

check('the global object is an EventTarget', () => {
  const seen = [];
  addEventListener('seen', (event) => seen.push(event.target === self), { once: true });
  dispatchEvent(new Event('seen'));
  dispatchEvent(new Event('seen'));
  return [seen, self instanceof EventTarget];
}, [[true], true]);
