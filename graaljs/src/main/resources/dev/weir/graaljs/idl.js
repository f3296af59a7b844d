// Web IDL for the other files: conversions from JavaScript values to IDL types
// (https://webidl.spec.whatwg.org/#js-type-mapping). What a page may overwrite later is taken here,
// once.
(weir) => {
  'use strict';

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

  weir.toUSVString = (value) => toWellFormed(`${value}`);
  weir.idl = {
    __proto__: null,
    apply,
    append,
    construct,
    create,
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
    isBufferSource,
    isView,
    bufferSource,
    rangeOf,
    copyOf,
  };
}
