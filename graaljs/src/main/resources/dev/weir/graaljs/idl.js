// Web IDL for the other files: conversions from JavaScript values to IDL types, and the shape of
// interfaces (https://webidl.spec.whatwg.org/). Interfaces are plain classes whose state is in
// private fields: those are the brand check. What a page may overwrite later is taken here, once.
(weir) => {
  'use strict';

  const global = weir.global;
  const {
    apply,
    construct,
    defineProperty,
    getOwnPropertyDescriptor,
    getPrototypeOf,
    ownKeys,
    setPrototypeOf,
  } = Reflect;
  const { create, freeze } = Object;
  const iteratorSymbol = Symbol.iterator;

  /** A method as a function whose first argument is its `this`. */
  const uncurry = (method) => Function.prototype.call.bind(method);

  const getterOf = (prototype, key) => uncurry(getOwnPropertyDescriptor(prototype, key).get);

  const toWellFormed = uncurry(String.prototype.toWellFormed);
  const sort = uncurry(Array.prototype.sort);
  const TypedArrayPrototype = getPrototypeOf(Uint8Array.prototype);
  const bufferByteLength = getterOf(ArrayBuffer.prototype, 'byteLength');
  const bufferDetached = getterOf(ArrayBuffer.prototype, 'detached');
  const bufferResizable = getterOf(ArrayBuffer.prototype, 'resizable');
  const sharedByteLength =
    typeof SharedArrayBuffer === 'function' ? getterOf(SharedArrayBuffer.prototype, 'byteLength') : null;
  const typedArrayName = getterOf(TypedArrayPrototype, Symbol.toStringTag);
  const typedArraySet = uncurry(TypedArrayPrototype.set);
  const isView = ArrayBuffer.isView;
  const viewGetters = (prototype) => ({
    buffer: getterOf(prototype, 'buffer'),
    byteOffset: getterOf(prototype, 'byteOffset'),
    byteLength: getterOf(prototype, 'byteLength'),
  });
  const typedArrayGetters = viewGetters(TypedArrayPrototype);
  const dataViewGetters = viewGetters(DataView.prototype);

  const isObject = (value) =>
    (typeof value === 'object' && value !== null) || typeof value === 'function';

  const requireArguments = (count, actual, what) => {
    if (actual < count) {
      throw new TypeError(
        `${what}: ${count} argument${count === 1 ? '' : 's'} required, but only ${actual} present.`,
      );
    }
  };

  // Numbers (Web IDL 3.2.4)

  const integerPart = (number) => (number < 0 ? Math.ceil(number) : Math.floor(number)) + 0;

  const floor = Math.floor;
  const clamped = (low, high) => (value) => {
    const number = +value;
    if (number !== number) {
      return 0;
    }
    if (number <= low) {
      return low;
    }
    if (number >= high) {
      return high;
    }
    const below = floor(number);
    const rest = number - below;
    // To the nearest, ties to the even one.
    const up = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
    return up ? below + 1 : below + 0;
  };

  const inRange = (low, high, type) => (value, where = 'The value') => {
    const number = +value;
    const whole = integerPart(number);
    if (number !== number || !(whole >= low && whole <= high)) {
      throw new TypeError(
        number - number === 0
          ? `${where} is outside the range of '${type}': expected ${low} to ${high} but was ${number}.`
          : `${where} is not a finite number, as '${type}' has to be.`,
      );
    }
    return whole;
  };

  const double = (value, where = 'The value') => {
    const number = +value;
    if (number - number !== 0) {
      throw new TypeError(`${where} is not a finite number, as 'double' has to be.`);
    }
    return number;
  };

  // Buffers

  const isArrayBuffer = (value) => {
    try {
      bufferByteLength(value);
      return true;
    } catch {
      return false;
    }
  };

  const isSharedArrayBuffer = (value) => {
    if (sharedByteLength === null) {
      return false;
    }
    try {
      sharedByteLength(value);
      return true;
    } catch {
      return false;
    }
  };

  const isBufferSource = (value) => isObject(value) && (isView(value) || isArrayBuffer(value));

  /** The part of a buffer that a BufferSource means: {buffer, byteOffset, byteLength}. */
  const rangeOf = (source) => {
    if (!isView(source)) {
      const shared = !isArrayBuffer(source);
      return {
        buffer: source,
        byteOffset: 0,
        byteLength: shared ? sharedByteLength(source) : bufferByteLength(source),
      };
    }
    const getters = typedArrayName(source) === undefined ? dataViewGetters : typedArrayGetters;
    const buffer = getters.buffer(source);
    if (isArrayBuffer(buffer) && bufferDetached(buffer)) {
      return { buffer, byteOffset: 0, byteLength: 0 };
    }
    return { buffer, byteOffset: getters.byteOffset(source), byteLength: getters.byteLength(source) };
  };

  /** A fresh ArrayBuffer with the bytes that a BufferSource holds now. */
  const copyOf = (source) => {
    const { buffer, byteOffset, byteLength } = rangeOf(source);
    const copy = new Uint8Array(byteLength);
    if (byteLength > 0) {
      typedArraySet(copy, new Uint8Array(buffer, byteOffset, byteLength));
    }
    return typedArrayGetters.buffer(copy);
  };

  const bufferSource = (value, where = 'The value', allowShared = false) => {
    if (!isObject(value) || !(isView(value) || isArrayBuffer(value))) {
      if (allowShared && isSharedArrayBuffer(value)) {
        return value;
      }
      throw new TypeError(`${where} is not of type '(ArrayBuffer or ArrayBufferView)'.`);
    }
    const buffer = rangeOf(value).buffer;
    if (!isArrayBuffer(buffer)) {
      if (allowShared) {
        return value;
      }
      throw new TypeError(`${where} must not be shared.`);
    }
    if (bufferResizable(buffer)) {
      throw new TypeError(`${where} must not be resizable.`);
    }
    return value;
  };

  // Types made of types

  const nullable = (convert) => (value, where) =>
    value === null || value === undefined ? null : convert(value, where);

  /** Iterates as "creating a sequence from an iterable" does: errors do not close the iterator. */
  const sequenceFrom = (iterable, method, convert, where) => {
    const iterator = apply(method, iterable, []);
    if (!isObject(iterator)) {
      throw new TypeError(`${where} has an iterator that is not an object.`);
    }
    const next = iterator.next;
    const items = [];
    for (;;) {
      const result = apply(next, iterator, []);
      if (!isObject(result)) {
        throw new TypeError(`${where} has an iterator whose result is not an object.`);
      }
      if (result.done) {
        return items;
      }
      append(items, convert(result.value, where));
    }
  };

  /** Array.prototype.push that no setter on Array.prototype sees. */
  const append = (array, value) => {
    defineProperty(array, array.length, {
      __proto__: null,
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  };

  const sequence = (convert) => (value, where = 'The value') => {
    const method = isObject(value) ? value[iteratorSymbol] : undefined;
    if (method === undefined || method === null) {
      throw new TypeError(`${where} cannot be converted to a sequence.`);
    }
    if (typeof method !== 'function') {
      throw new TypeError(`${where} has an iterator method that is not a function.`);
    }
    return sequenceFrom(value, method, convert, where);
  };

  /** Keys that differ may be one once they are converted: the last value counts. */
  const entryOf = (entries, key) => {
    for (let i = 0; i < entries.length; i++) {
      if (entries[i][0] === key) {
        return entries[i];
      }
    }
    return null;
  };

  const record = (convertKey, convertValue) => (value, where = 'The value') => {
    if (!isObject(value)) {
      throw new TypeError(`${where} is not an object.`);
    }
    const entries = [];
    const keys = ownKeys(value);
    for (let i = 0; i < keys.length; i++) {
      const descriptor = getOwnPropertyDescriptor(value, keys[i]);
      if (descriptor !== undefined && descriptor.enumerable) {
        const key = convertKey(keys[i]);
        const converted = convertValue(value[keys[i]]);
        const known = entryOf(entries, key);
        if (known === null) {
          append(entries, [key, converted]);
        } else {
          known[1] = converted;
        }
      }
    }
    return entries;
  };

  /**
   * A dictionary type. Members are {key: {type, default, required}}; they are read in the order of
   * their names, those of the parent first, as Web IDL demands.
   */
  const dictionary = (name, members, parent = null) => {
    const keys = sort(ownKeys(members));
    const read = (object, result, where) => {
      if (parent !== null) {
        parent.read(object, result, where);
      }
      for (let i = 0; i < keys.length; i++) {
        const key = keys[i];
        const member = members[key];
        const value = object === null ? undefined : object[key];
        if (value !== undefined) {
          result[key] = member.type(value, `${where}: member '${key}'`);
        } else if (member.required) {
          throw new TypeError(`${where}: required member '${key}' of '${name}' is undefined.`);
        } else if ('default' in member) {
          const initial = member.default;
          result[key] = typeof initial === 'function' ? initial() : initial;
        }
      }
    };
    const convert = (value, where = 'The value') => {
      if (value !== undefined && value !== null && !isObject(value)) {
        throw new TypeError(`${where} is not of type '${name}'.`);
      }
      const result = create(null);
      read(value === undefined ? null : value, result, where);
      return result;
    };
    convert.read = read;
    return convert;
  };

  const enumeration = (name, values) => {
    const allowed = create(null);
    for (let i = 0; i < values.length; i++) {
      allowed[values[i]] = true;
    }
    return (value, where = 'The value') => {
      const string = `${value}`;
      if (!(string in allowed)) {
        throw new TypeError(`${where}: '${string}' is not a valid value of the enumeration '${name}'.`);
      }
      return string;
    };
  };

  const callbackFunction = (value, where = 'The value') => {
    if (typeof value !== 'function') {
      throw new TypeError(`${where} is not a function.`);
    }
    return value;
  };

  const callbackInterface = (value, where = 'The value') => {
    if (!isObject(value)) {
      throw new TypeError(`${where} is not an object.`);
    }
    return value;
  };

  /** An interface type, by the function that knows the brand. */
  const interfaceType = (name, isBranded) => (value, where = 'The value') => {
    if (!isBranded(value)) {
      throw new TypeError(`${where} is not of type '${name}'.`);
    }
    return value;
  };

  // The shape of interfaces (Web IDL 3.7)

  const define = (target, key, value, writable, enumerable, configurable) =>
    defineProperty(target, key, { __proto__: null, value, writable, enumerable, configurable });

  const makeEnumerable = (target, except) => {
    const keys = ownKeys(target);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      if (typeof key === 'string' && !except[key]) {
        defineProperty(target, key, { __proto__: null, enumerable: true });
      }
    }
  };

  const ofClass = { __proto__: null, length: true, name: true, prototype: true };
  const ofPrototype = { __proto__: null, constructor: true };

  const defineConstants = (target, constants) => {
    const keys = ownKeys(constants);
    for (let i = 0; i < keys.length; i++) {
      define(target, keys[i], constants[keys[i]], false, true, false);
    }
  };

  /** Puts a value on the global object as interface objects are there: not enumerable. */
  const expose = (name, value) => define(global, name, value, true, false, true);

  const prototypes = new WeakSet();
  const addPrototype = uncurry(WeakSet.prototype.add);
  const hasPrototype = uncurry(WeakSet.prototype.has);

  /** Whether an interface's prototype is among its own. */
  const isPlatformObject = (value) => {
    for (let one = getPrototypeOf(value); one !== null; one = getPrototypeOf(one)) {
      if (hasPrototype(prototypes, one)) {
        return true;
      }
    }
    return false;
  };

  /**
   * Makes an interface object of a class: members enumerable, constants on the class and on its
   * prototype, the tag, and the property of the global object unless it is not exposed.
   */
  const defineInterface = (type, { constants = null, exposed = true } = {}) => {
    makeEnumerable(type, ofClass);
    makeEnumerable(type.prototype, ofPrototype);
    define(type.prototype, Symbol.toStringTag, type.name, false, false, true);
    addPrototype(prototypes, type.prototype);
    if (constants !== null) {
      defineConstants(type, constants);
      defineConstants(type.prototype, constants);
    }
    if (exposed) {
      expose(type.name, type);
    }
    return type;
  };

  /** Puts an operation on the global object: enumerable, writable, configurable. */
  const defineGlobalOperation = (name, operation) => define(global, name, operation, true, true, true);

  /** What the constructor of an interface without one checks: only these files have the token. */
  const token = freeze({ __proto__: null });
  const requireToken = (given) => {
    if (given !== token) {
      throw new TypeError('Illegal constructor');
    }
  };

  // Pair iterators (Web IDL 3.7.9 and 3.7.10)

  const iteratorPrototype = getPrototypeOf(getPrototypeOf([][iteratorSymbol]()));

  /**
   * Makes an interface iterable over pairs: entries, keys, values, forEach and @@iterator.
   * `pairsOf` checks the brand and gives the live array of [key, value].
   */
  const definePairIterable = (type, pairsOf) => {
    const name = type.name;
    class PairIterator {
      #target;
      #kind;
      #index = 0;
      constructor(target, kind) {
        this.#target = target;
        this.#kind = kind;
      }
      next() {
        const kind = this.#kind;
        const pairs = pairsOf(this.#target);
        if (this.#index >= pairs.length) {
          return { value: undefined, done: true };
        }
        const pair = pairs[this.#index++];
        const value = kind === 'key' ? pair[0] : kind === 'value' ? pair[1] : [pair[0], pair[1]];
        return { value, done: false };
      }
    }
    const prototype = create(iteratorPrototype);
    define(prototype, 'next', PairIterator.prototype.next, true, true, true);
    define(prototype, Symbol.toStringTag, `${name} Iterator`, false, false, true);
    const iterate = (target, kind) => {
      pairsOf(target);
      const iterator = new PairIterator(target, kind);
      setPrototypeOf(iterator, prototype);
      return iterator;
    };
    const members = {
      entries() {
        return iterate(this, 'pair');
      },
      keys() {
        return iterate(this, 'key');
      },
      values() {
        return iterate(this, 'value');
      },
      forEach(callback, thisArg = undefined) {
        pairsOf(this);
        const where = `Failed to execute 'forEach' on '${name}'`;
        requireArguments(1, arguments.length, where);
        callbackFunction(callback, `${where}: parameter 1`);
        for (let i = 0; i < pairsOf(this).length; i++) {
          const pair = pairsOf(this)[i];
          apply(callback, thisArg, [pair[1], pair[0], this]);
        }
      },
    };
    const keys = ownKeys(members);
    for (let i = 0; i < keys.length; i++) {
      define(type.prototype, keys[i], members[keys[i]], true, true, true);
    }
    define(type.prototype, iteratorSymbol, members.entries, true, false, true);
  };

  weir.toUSVString = (value) => toWellFormed(`${value}`);
  weir.idl = freeze({
    __proto__: null,
    apply,
    append,
    construct,
    create,
    define,
    freeze,
    setPrototypeOf,
    uncurry,
    getterOf,
    isObject,
    requireArguments,
    any: (value) => value,
    boolean: (value) => !!value,
    DOMString: (value) => `${value}`,
    USVString: weir.toUSVString,
    long: (value) => +value | 0,
    unsignedShort: (value) => +value & 0xffff,
    unsignedLong: (value) => +value >>> 0,
    clampedUnsignedShort: clamped(0, 0xffff),
    clamped,
    enforcedUnsignedShort: inRange(0, 0xffff, 'unsigned short'),
    enforcedUnsignedLongLong: inRange(0, Number.MAX_SAFE_INTEGER, 'unsigned long long'),
    inRange,
    double,
    unrestrictedDouble: (value) => +value,
    object: (value, where = 'The value') => {
      if (!isObject(value)) {
        throw new TypeError(`${where} is not an object.`);
      }
      return value;
    },
    nullable,
    sequence,
    sequenceFrom,
    record,
    dictionary,
    enumeration,
    callbackFunction,
    callbackInterface,
    interfaceType,
    isArrayBuffer,
    isSharedArrayBuffer,
    isPlatformObject,
    isBufferSource,
    isView,
    bufferSource,
    rangeOf,
    copyOf,
    expose,
    defineInterface,
    isInterfacePrototype: (value) => hasPrototype(prototypes, value),
    defineGlobalOperation,
    definePairIterable,
    token,
    requireToken,
    iteratorPrototype,
  });
}
