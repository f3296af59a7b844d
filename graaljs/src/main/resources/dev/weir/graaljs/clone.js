// structuredClone (https://html.spec.whatwg.org/multipage/structured-data.html), for data: no
// object here can be transferred but ArrayBuffer, and no platform object cloned but Blob, File and
// DOMException.
(weir) => {
  'use strict';

  const { idl, global } = weir;
  const { append, define, isObject, requireArguments } = idl;
  const { ownKeys, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
  const ObjectPrototype = Object.prototype;
  const { hasOwn } = Object;
  const OriginalMap = Map;
  const OriginalSet = Set;
  const OriginalArray = Array;
  const OriginalDate = Date;
  const OriginalRegExp = RegExp;
  const OriginalObject = Object;
  const OriginalArrayBuffer = ArrayBuffer;
  const OriginalDataView = DataView;
  const isArray = Array.isArray;
  const mapGet = idl.uncurry(Map.prototype.get);
  const mapSet = idl.uncurry(Map.prototype.set);
  const mapHas = idl.uncurry(Map.prototype.has);
  const mapForEach = idl.uncurry(Map.prototype.forEach);
  const setForEach = idl.uncurry(Set.prototype.forEach);
  const setAdd = idl.uncurry(Set.prototype.add);
  const resizable = idl.getterOf(ArrayBuffer.prototype, 'resizable');
  const maxByteLength = idl.getterOf(ArrayBuffer.prototype, 'maxByteLength');
  const detached = idl.getterOf(ArrayBuffer.prototype, 'detached');
  const transferBuffer = idl.uncurry(ArrayBuffer.prototype.transfer);
  const setBytes = idl.uncurry(Object.getPrototypeOf(Uint8Array.prototype).set);
  const OriginalUint8Array = Uint8Array;
  const typedArrayName = idl.getterOf(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag);
  const typedArrayLength = idl.getterOf(Object.getPrototypeOf(Uint8Array.prototype), 'length');
  const isWeak = [
    idl.uncurry(WeakMap.prototype.has),
    idl.uncurry(WeakSet.prototype.has),
    idl.uncurry(WeakRef.prototype.deref),
  ];
  const OriginalPromise = Promise;

  /** Constructors by name, taken before anybody can replace them. */
  const typedArrays = { __proto__: null };
  const names = [
    'Int8Array',
    'Uint8Array',
    'Uint8ClampedArray',
    'Int16Array',
    'Uint16Array',
    'Int32Array',
    'Uint32Array',
    'Float16Array',
    'Float32Array',
    'Float64Array',
    'BigInt64Array',
    'BigUint64Array',
  ];
  for (let i = 0; i < names.length; i++) {
    typedArrays[names[i]] = global[names[i]];
  }
  const errors = {
    __proto__: null,
    Error,
    EvalError,
    RangeError,
    ReferenceError,
    SyntaxError,
    TypeError,
    URIError,
  };

  /** What a method of a built-in class says of an object that may be of that class. */
  const slot = (method, value) => {
    try {
      return { __proto__: null, value: method(value) };
    } catch {
      return null;
    }
  };
  const booleanValue = idl.uncurry(Boolean.prototype.valueOf);
  const numberValue = idl.uncurry(Number.prototype.valueOf);
  const stringValue = idl.uncurry(String.prototype.valueOf);
  const bigintValue = idl.uncurry(BigInt.prototype.valueOf);
  const symbolValue = idl.uncurry(Symbol.prototype.valueOf);
  const dateValue = idl.uncurry(Date.prototype.getTime);
  const regExpSource = idl.getterOf(RegExp.prototype, 'source');
  const flagGetters = [
    ['d', idl.getterOf(RegExp.prototype, 'hasIndices')],
    ['g', idl.getterOf(RegExp.prototype, 'global')],
    ['i', idl.getterOf(RegExp.prototype, 'ignoreCase')],
    ['m', idl.getterOf(RegExp.prototype, 'multiline')],
    ['s', idl.getterOf(RegExp.prototype, 'dotAll')],
    ['u', idl.getterOf(RegExp.prototype, 'unicode')],
    ['v', idl.getterOf(RegExp.prototype, 'unicodeSets')],
    ['y', idl.getterOf(RegExp.prototype, 'sticky')],
  ];
  const regExpFlags = (value) => {
    let flags = '';
    for (let i = 0; i < flagGetters.length; i++) {
      if (flagGetters[i][1](value)) {
        flags += flagGetters[i][0];
      }
    }
    return flags;
  };
  const mapSize = idl.getterOf(Map.prototype, 'size');
  const setSize = idl.getterOf(Set.prototype, 'size');
  const tagOf = idl.uncurry(Object.prototype.toString);
  // Not in every version of the language that a context may be set to.
  const isErrorObject = Error.isError ?? ((value) => tagOf(value) === '[object Error]');

  const refuse = (what) => {
    throw weir.createDOMException(`${what} could not be cloned.`, 'DataCloneError');
  };

  const describe = (value) => {
    if (typeof value === 'function') {
      return 'A function';
    }
    return typeof value === 'symbol' ? 'A symbol' : tagOf(value);
  };

  /** The clone without its properties, and which of them are yet to be cloned. */
  const begin = (value) => {
    if (isErrorObject(value) && !weir.isDOMException(value)) {
      return { clone: null, deep: 'error' };
    }
    if (isArray(value)) {
      return { clone: new OriginalArray(value.length), deep: 'properties' };
    }
    const prototype = getPrototypeOf(value);
    if (prototype === ObjectPrototype || prototype === null) {
      // Most objects: what follows would cost them an exception for each built-in class.
      return { clone: {}, deep: 'properties' };
    }
    const primitive =
      slot(booleanValue, value) ??
      slot(numberValue, value) ??
      slot(stringValue, value) ??
      slot(bigintValue, value);
    if (primitive !== null) {
      return { clone: OriginalObject(primitive.value), deep: null };
    }
    if (slot(symbolValue, value) !== null) {
      refuse('A symbol');
    }
    const date = slot(dateValue, value);
    if (date !== null) {
      return { clone: new OriginalDate(date.value), deep: null };
    }
    const flags = value === RegExp.prototype ? null : slot(regExpSource, value);
    if (flags !== null) {
      return { clone: new OriginalRegExp(flags.value, regExpFlags(value)), deep: null };
    }
    if (idl.isArrayBuffer(value)) {
      return { clone: cloneBuffer(value), deep: null };
    }
    if (slot(mapSize, value) !== null) {
      return { clone: new OriginalMap(), deep: 'map' };
    }
    if (slot(setSize, value) !== null) {
      return { clone: new OriginalSet(), deep: 'set' };
    }
    if (weir.isBlob(value)) {
      return { clone: weir.cloneBlob(value), deep: null };
    }
    if (weir.isDOMException(value)) {
      return { clone: cloneException(value), deep: null };
    }
    if (isExotic(value)) {
      refuse(describe(value));
    }
    return { clone: {}, deep: 'properties' };
  };

  const newBufferLike = (buffer) => {
    const { byteLength } = idl.rangeOf(buffer);
    return resizable(buffer)
      ? new OriginalArrayBuffer(byteLength, { __proto__: null, maxByteLength: maxByteLength(buffer) })
      : new OriginalArrayBuffer(byteLength);
  };

  const copyBytes = (from, to) => setBytes(new OriginalUint8Array(to), new OriginalUint8Array(from));

  const cloneBuffer = (buffer) => {
    if (detached(buffer)) {
      refuse('A detached ArrayBuffer');
    }
    const clone = newBufferLike(buffer);
    copyBytes(buffer, clone);
    return clone;
  };

  const cloneException = (exception) => {
    const clone = weir.createDOMException(exception.message, exception.name);
    const stack = getOwnPropertyDescriptor(exception, 'stack');
    if (stack !== undefined && typeof stack.value === 'string') {
      define(clone, 'stack', stack.value, true, false, true);
    }
    return clone;
  };

  /** Objects with inner state that has no clone: those of the platform, of weak references, of Java. */
  const isExotic = (value) => {
    if (idl.isPlatformObject(value) || idl.isSharedArrayBuffer(value)) {
      return true;
    }
    for (let i = 0; i < isWeak.length; i++) {
      if (slot((one) => isWeak[i](one, one), value) !== null) {
        return true;
      }
    }
    return value instanceof OriginalPromise;
  };

  const cloneValue = (value, memory) => {
    if (typeof value === 'symbol' || typeof value === 'function') {
      refuse(describe(value));
    }
    if (!isObject(value)) {
      return value;
    }
    if (mapHas(memory, value)) {
      return mapGet(memory, value);
    }
    if (idl.isView(value)) {
      const view = cloneView(value, memory);
      mapSet(memory, value, view);
      return view;
    }
    const { clone, deep } = begin(value);
    if (deep === 'error') {
      return cloneError(value, memory);
    }
    mapSet(memory, value, clone);
    if (deep === 'map') {
      const entries = [];
      mapForEach(value, (item, key) => append(entries, [key, item]));
      for (let i = 0; i < entries.length; i++) {
        const key = cloneValue(entries[i][0], memory);
        mapSet(clone, key, cloneValue(entries[i][1], memory));
      }
    } else if (deep === 'set') {
      const items = [];
      setForEach(value, (item) => append(items, item));
      for (let i = 0; i < items.length; i++) {
        setAdd(clone, cloneValue(items[i], memory));
      }
    } else if (deep === 'properties') {
      cloneProperties(value, clone, memory);
    }
    return clone;
  };

  const cloneProperties = (value, clone, memory) => {
    const keys = ownKeys(value);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      if (typeof key !== 'string') {
        continue;
      }
      const descriptor = getOwnPropertyDescriptor(value, key);
      if (descriptor !== undefined && descriptor.enumerable) {
        define(clone, key, cloneValue(value[key], memory), true, true, true);
      }
    }
  };

  const cloneView = (view, memory) => {
    const { buffer, byteOffset, byteLength } = idl.rangeOf(view);
    if (idl.isArrayBuffer(buffer) && detached(buffer) && !mapHas(memory, buffer)) {
      refuse('A view on a detached ArrayBuffer');
    }
    const copy = cloneValue(buffer, memory);
    const name = typedArrayName(view);
    return name === undefined
      ? new OriginalDataView(copy, byteOffset, byteLength)
      : new typedArrays[name](copy, byteOffset, typedArrayLength(view));
  };

  /** Name, message, stack and cause; of the name only those that are well known. */
  const cloneError = (error, memory) => {
    const given = error.name;
    const name = given === undefined ? 'Error' : `${given}`;
    const type = errors[name] ?? errors.Error;
    const message = getOwnPropertyDescriptor(error, 'message');
    const clone = new type();
    mapSet(memory, error, clone);
    if (message !== undefined && hasOwn(message, 'value')) {
      define(clone, 'message', `${message.value}`, true, false, true);
    }
    const stack = getOwnPropertyDescriptor(error, 'stack');
    if (stack !== undefined && typeof stack.value === 'string') {
      define(clone, 'stack', stack.value, true, false, true);
    }
    const cause = getOwnPropertyDescriptor(error, 'cause');
    if (cause !== undefined && hasOwn(cause, 'value')) {
      define(clone, 'cause', cloneValue(cause.value, memory), true, false, true);
    }
    return clone;
  };

  const options = idl.dictionary('StructuredSerializeOptions', {
    transfer: { type: idl.sequence(idl.object), default: () => [] },
  });

  const operations = {
    structuredClone(value, opts = undefined) {
      const where = "Failed to execute 'structuredClone'";
      requireArguments(1, arguments.length, where);
      const { transfer } = options(opts, `${where}: parameter 2`);
      const memory = new OriginalMap();
      for (let i = 0; i < transfer.length; i++) {
        const buffer = transfer[i];
        if (!idl.isArrayBuffer(buffer)) {
          refuse(`${describe(buffer)} cannot be transferred, and`);
        }
        if (mapHas(memory, buffer)) {
          refuse('An ArrayBuffer that is transferred twice');
        }
        if (detached(buffer)) {
          refuse('A detached ArrayBuffer');
        }
        mapSet(memory, buffer, newBufferLike(buffer));
      }
      const clone = cloneValue(value, memory);
      // Only now, as cloning may have thrown: the bytes move, and nothing of them stays behind.
      for (let i = 0; i < transfer.length; i++) {
        copyBytes(transfer[i], mapGet(memory, transfer[i]));
        transferBuffer(transfer[i]);
      }
      return clone;
    },
  };

  idl.defineGlobalOperation('structuredClone', operations.structuredClone);
}
