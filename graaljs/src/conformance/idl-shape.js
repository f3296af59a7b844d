// The shape that Web IDL gives the interfaces: property descriptors, lengths, names, tags,
// constants, brand checks.

const EVENT_TARGET = ['addEventListener', 'removeEventListener', 'dispatchEvent'];

/** length counts required arguments; attributes with `true` can be set; promises reject, not throw. */
const INTERFACES = [
  {
    rules: 'W1',
    name: 'WebSocket',
    parent: 'EventTarget',
    length: 1,
    attributes: {
      url: false,
      readyState: false,
      bufferedAmount: false,
      onopen: true,
      onerror: true,
      onclose: true,
      extensions: false,
      protocol: false,
      onmessage: true,
      binaryType: true,
    },
    methods: { close: 0, send: 1 },
    constants: { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 },
    make: () => {
      const socket = new WebSocket(conformance.closed);
      socket.close();
      return socket;
    },
  },
  {
    rules: 'S4',
    name: 'WebSocketStream',
    parent: null,
    length: 1,
    attributes: { url: false, opened: false, closed: false },
    promises: ['opened', 'closed'],
    methods: { close: 0 },
    make: () => {
      const stream = new WebSocketStream(conformance.closed);
      stream.opened.catch(() => {});
      stream.closed.catch(() => {});
      stream.close();
      return stream;
    },
  },
  {
    rules: 'S18',
    name: 'WebSocketError',
    parent: 'DOMException',
    length: 0,
    attributes: { closeCode: false, reason: false },
    methods: {},
    make: () => new WebSocketError(),
  },
  {
    rules: 'W5',
    name: 'CloseEvent',
    parent: 'Event',
    length: 1,
    attributes: { wasClean: false, code: false, reason: false },
    methods: {},
    make: () => new CloseEvent('close'),
  },
  {
    rules: 'W4',
    name: 'MessageEvent',
    parent: 'Event',
    length: 1,
    attributes: { data: false, origin: false, lastEventId: false, source: false, ports: false },
    methods: { initMessageEvent: 1 },
    make: () => new MessageEvent('message'),
  },
];

function descriptor(object, name) {
  const found = Object.getOwnPropertyDescriptor(object, name);
  truthy(found !== undefined, `${String(name)} to be an own property`);
  return found;
}

for (const {
  rules,
  name,
  parent,
  length,
  attributes,
  promises = [],
  methods,
  constants = {},
  make,
} of INTERFACES) {
  test(rules, `${name} is a property of the global object that is not enumerable`, async () => {
    const { value, writable, enumerable, configurable } = descriptor(globalThis, name);
    equal([typeof value, writable, enumerable, configurable], ['function', true, false, true]);
  });

  test(rules, `${name} has its name and length`, async () => {
    const type = globalThis[name];
    equal([type.name, type.length], [name, length]);
    for (const [property, expected] of [
      ['name', name],
      ['length', length],
    ]) {
      const { value, writable, enumerable, configurable } = descriptor(type, property);
      equal([value, writable, enumerable, configurable], [expected, false, false, true], property);
    }
  });

  test(rules, `${name} inherits from ${parent ?? 'nothing'}`, async () => {
    const type = globalThis[name];
    equal(
      Object.getPrototypeOf(type) === (parent === null ? Function.prototype : globalThis[parent]),
      true,
      'the interface object',
    );
    equal(
      Object.getPrototypeOf(type.prototype) ===
        (parent === null ? Object.prototype : globalThis[parent].prototype),
      true,
      'the prototype',
    );
  });

  test(rules, `the prototype of ${name} cannot be replaced`, async () => {
    const { writable, enumerable, configurable } = descriptor(globalThis[name], 'prototype');
    equal([writable, enumerable, configurable], [false, false, false]);
  });

  test(rules, `${name}.prototype.constructor is ${name}`, async () => {
    const type = globalThis[name];
    const { value, writable, enumerable, configurable } = descriptor(type.prototype, 'constructor');
    equal([value === type, writable, enumerable, configurable], [true, true, false, true]);
  });

  test(rules, `${name} has its toStringTag`, async () => {
    const { value, writable, enumerable, configurable } = descriptor(
      globalThis[name].prototype,
      Symbol.toStringTag,
    );
    equal([value, writable, enumerable, configurable], [name, false, false, true]);
    equal(String(Object.prototype.toString.call(make())), `[object ${name}]`);
  });

  test(rules, `the attributes of ${name} are accessors of its prototype`, async () => {
    const { prototype } = globalThis[name];
    for (const [attribute, settable] of Object.entries(attributes)) {
      const { get, set, enumerable, configurable } = descriptor(prototype, attribute);
      equal([typeof get, typeof set], ['function', settable ? 'function' : 'undefined'], attribute);
      equal([enumerable, configurable], [true, true], attribute);
      equal([get.name, get.length], [`get ${attribute}`, 0], attribute);
      equal([get.hasOwnProperty('prototype')], [false], attribute);
      if (settable) {
        equal([set.name, set.length], [`set ${attribute}`, 1], attribute);
      }
    }
  });

  test(rules, `the methods of ${name} are properties of its prototype`, async () => {
    const { prototype } = globalThis[name];
    for (const [method, arity] of Object.entries(methods)) {
      const { value, writable, enumerable, configurable } = descriptor(prototype, method);
      equal([writable, enumerable, configurable], [true, true, true], method);
      equal([value.name, value.length], [method, arity], method);
      throws(TypeError, () => Reflect.construct(Object, [], value), `new ${method}`);
    }
  });

  test(rules, `${name} has no properties but those of its interface`, async () => {
    const type = globalThis[name];
    const own = (object) => Reflect.ownKeys(object).map(String).sort();
    equal(
      own(type.prototype),
      [
        'Symbol(Symbol.toStringTag)',
        'constructor',
        ...Object.keys(attributes),
        ...Object.keys(methods),
        ...Object.keys(constants),
      ].sort(),
      'prototype',
    );
    equal(
      own(type),
      ['length', 'name', 'prototype', ...Object.keys(constants)].sort(),
      'interface object',
    );
  });

  test(rules, `an object of ${name} has no properties of its own for its attributes`, async () => {
    const object = make();
    equal(
      Object.keys(attributes).filter((attribute) => Object.hasOwn(object, attribute)),
      [],
    );
  });

  test(rules, `the getters of ${name} take its own objects alone`, async () => {
    const { prototype } = globalThis[name];
    for (const attribute of Object.keys(attributes)) {
      const { get } = descriptor(prototype, attribute);
      for (const value of [{}, prototype, null, 1, Object.create(prototype), globalThis[name]]) {
        if (promises.includes(attribute)) {
          await rejects(TypeError, get.call(value));
        } else {
          throws(TypeError, () => get.call(value), attribute);
        }
      }
    }
  });

  test(rules, `the setters of ${name} take its own objects alone`, async () => {
    const { prototype } = globalThis[name];
    for (const attribute of Object.keys(attributes).filter((each) => attributes[each])) {
      throws(TypeError, () => descriptor(prototype, attribute).set.call({}, null), attribute);
    }
  });

  test(rules, `the methods of ${name} take its own objects alone`, async () => {
    const { prototype } = globalThis[name];
    for (const method of Object.keys(methods)) {
      throws(TypeError, () => prototype[method].call({}, 'x'), method);
      throws(TypeError, () => prototype[method].call(Object.create(prototype), 'x'), method);
    }
  });

  test(rules, `the constants of ${name} are on the interface and on the prototype`, async () => {
    const type = globalThis[name];
    for (const [constant, expected] of Object.entries(constants)) {
      for (const object of [type, type.prototype]) {
        const { value, writable, enumerable, configurable } = descriptor(object, constant);
        equal(
          [value, writable, enumerable, configurable],
          [expected, false, true, false],
          constant,
        );
      }
      equal(make()[constant], expected, constant);
    }
  });

  test(rules, `${name} makes objects of the prototype of new.target`, async () => {
    const type = globalThis[name];
    class Derived extends type {}
    const object = Reflect.construct(
      type,
      [name === 'WebSocket' || name === 'WebSocketStream' ? `${conformance.closed}/` : 'x'],
      Derived,
    );
    equal(Object.getPrototypeOf(object) === Derived.prototype, true);
    object.opened?.catch(() => {});
    object.closed?.catch(() => {});
    object.close?.();
  });
}

test('W6', 'WebSocket has the methods of EventTarget from EventTarget alone', async () => {
  for (const method of EVENT_TARGET) {
    equal(WebSocket.prototype[method] === EventTarget.prototype[method], true, method);
  }
});

test('W6', 'the methods of EventTarget have their lengths', async () => {
  equal(
    EVENT_TARGET.map((method) => EventTarget.prototype[method].length),
    [2, 2, 1],
  );
});

test('W4', 'isTrusted is an own property of an event, and cannot be changed', async () => {
  const event = new CloseEvent('close');
  const { get, set, enumerable, configurable } = descriptor(event, 'isTrusted');
  equal([typeof get, set, enumerable, configurable], ['function', undefined, true, false]);
});

test('S18', 'DOMException has its constants and codes', async () => {
  equal(
    [
      DOMException.SYNTAX_ERR,
      DOMException.prototype.INVALID_STATE_ERR,
      DOMException.INVALID_ACCESS_ERR,
    ],
    [12, 11, 15],
  );
  equal(
    [
      new DOMException('', 'SyntaxError').code,
      new DOMException('', 'InvalidAccessError').code,
      new DOMException('', 'InvalidStateError').code,
      new DOMException('', 'AbortError').code,
      new DOMException('', 'TimeoutError').code,
    ],
    [12, 15, 11, 20, 23],
  );
});

test('W1 S15', 'the exceptions that are thrown carry their codes', async () => {
  equal(throws('SyntaxError', () => new WebSocket('ftp://a/')).code, 12);
  equal(throws('InvalidAccessError', () => new WebSocketError('', { closeCode: 1 })).code, 15);
});
