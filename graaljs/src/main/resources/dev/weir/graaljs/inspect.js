// Values as text for people: weir.inspect(value) for the console, weir.describeError(error) for
// errors that nobody caught. It runs getters only of the platform's own objects.
(weir) => {
  'use strict';

  const { idl } = weir;
  const { append, apply, getterOf, isArrayBuffer, isInterfacePrototype, isPlatformObject, isView, uncurry } =
    idl;
  const { getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
  const isArray = Array.isArray;
  const stringify = JSON.stringify;
  const OriginalError = Error;
  const OriginalUint8Array = Uint8Array;
  const OriginalMap = Map;
  const join = uncurry(Array.prototype.join);
  const pop = uncurry(Array.prototype.pop);
  const includes = uncurry(String.prototype.includes);
  const indexOf = uncurry(String.prototype.indexOf);
  const replaceAll = uncurry(String.prototype.replaceAll);
  const slice = uncurry(String.prototype.slice);
  const startsWith = uncurry(String.prototype.startsWith);
  const padStart = uncurry(String.prototype.padStart);
  const numberToString = uncurry(Number.prototype.toString);
  const symbolToString = uncurry(Symbol.prototype.toString);
  const functionToString = uncurry(Function.prototype.toString);
  const dateToISOString = uncurry(Date.prototype.toISOString);
  const dateValue = uncurry(Date.prototype.getTime);
  const regExpToString = uncurry(RegExp.prototype.toString);
  const regExpSource = getterOf(RegExp.prototype, 'source');
  const tagOfObject = uncurry(Object.prototype.toString);
  const mapSize = getterOf(Map.prototype, 'size');
  const mapForEach = uncurry(Map.prototype.forEach);
  const mapGet = uncurry(Map.prototype.get);
  const mapSet = uncurry(Map.prototype.set);
  const setSize = getterOf(Set.prototype, 'size');
  const setForEach = uncurry(Set.prototype.forEach);
  const test = uncurry(RegExp.prototype.test);
  const stringValue = uncurry(String.prototype.valueOf);
  const numberValue = uncurry(Number.prototype.valueOf);
  const booleanValue = uncurry(Boolean.prototype.valueOf);

  const DEEPEST = 2;
  const LINE = 72;
  const MOST_ITEMS = 100;
  const MOST_CHARACTERS = 10_000;
  const MOST_BYTES = 50;
  const identifier = /^[A-Za-z_$][\w$]*$/;
  const index = /^(?:0|[1-9]\d*)$/;

  /** Whether a method that checks the brand of its `this` takes the value. */
  const is = (method, value) => {
    try {
      method(value);
      return true;
    } catch {
      return false;
    }
  };

  const quote = (string) => {
    const mark = !includes(string, "'") ? "'" : !includes(string, '"') ? '"' : '`';
    const escaped = slice(stringify(string), 1, -1);
    const plain = replaceAll(escaped, '\\"', '"');
    return mark + (mark === '"' ? escaped : plain) + mark;
  };

  const primitive = (value) => {
    switch (typeof value) {
      case 'string': {
        const rest = value.length - MOST_CHARACTERS;
        return rest > 0
          ? `${quote(slice(value, 0, MOST_CHARACTERS))}... ${rest} more characters`
          : quote(value);
      }
      case 'number':
        return value === 0 && 1 / value < 0 ? '-0' : numberToString(value);
      case 'bigint':
        return `${value}n`;
      case 'symbol':
        return symbolToString(value);
      default:
        return `${value}`;
    }
  };

  /** The name of the constructor that made the object, as far as that is known without its help. */
  const className = (object) => {
    for (let one = object; one !== null; one = getPrototypeOf(one)) {
      const descriptor = getOwnPropertyDescriptor(one, 'constructor');
      if (descriptor !== undefined && typeof descriptor.value === 'function') {
        const name = getOwnPropertyDescriptor(descriptor.value, 'name');
        if (name !== undefined && typeof name.value === 'string' && name.value !== '') {
          return name.value;
        }
      }
    }
    return null;
  };

  const keyText = (key) =>
    typeof key === 'symbol'
      ? `[${symbolToString(key)}]`
      : test(identifier, key)
        ? key
        : quote(key);

  const functionText = (value) => {
    const name = getOwnPropertyDescriptor(value, 'name');
    const own = name !== undefined && typeof name.value === 'string' ? name.value : '';
    let source = '';
    try {
      source = functionToString(value);
    } catch {
      // A proxy for a function has no source.
    }
    if (startsWith(source, 'class')) {
      const parent = getPrototypeOf(value);
      const parentName = parent === null ? '' : (getOwnPropertyDescriptor(parent, 'name')?.value ?? '');
      return `[class ${own || '(anonymous)'}${parentName === '' ? '' : ` extends ${parentName}`}]`;
    }
    const kind = className(value) ?? 'Function';
    return `[${kind}${own === '' ? ' (anonymous)' : `: ${own}`}]`;
  };

  /** An object on one line if it fits, else one entry on each. */
  const layOut = (prefix, open, entries, close, indent) => {
    const head = prefix === '' ? '' : `${prefix} `;
    if (entries.length === 0) {
      return `${head}${open}${close}`;
    }
    const line = join(entries, ', ');
    if (line.length + head.length + indent.length <= LINE && !includes(line, '\n')) {
      return `${head}${open} ${line} ${close}`;
    }
    const inner = `${indent}  `;
    return `${head}${open}\n${inner}${join(entries, `,\n${inner}`)}\n${indent}${close}`;
  };

  class Inspection {
    #deepest;
    #above = [];
    /** Objects that are shown again inside themselves, by their number. */
    #circular = new OriginalMap();

    constructor(deepest) {
      this.#deepest = deepest;
    }

    show(value, indent) {
      if (typeof value === 'function' || (typeof value === 'object' && value !== null)) {
        return this.#showOnce(value, indent);
      }
      return primitive(value);
    }

    #showOnce(object, indent) {
      for (let i = 0; i < this.#above.length; i++) {
        if (this.#above[i] === object) {
          let number = mapGet(this.#circular, object);
          if (number === undefined) {
            number = mapSize(this.#circular) + 1;
            mapSet(this.#circular, object, number);
          }
          return `[Circular *${number}]`;
        }
      }
      append(this.#above, object);
      let text;
      try {
        text = this.#object(object, indent);
      } finally {
        pop(this.#above);
      }
      const number = mapGet(this.#circular, object);
      return number === undefined ? text : `<ref *${number}> ${text}`;
    }

    #object(object, indent) {
      const name = className(object);
      const isDeep = this.#above.length > this.#deepest + 1;
      if (typeof object === 'function') {
        const entries = isDeep ? [] : this.#properties(object, indent, functionKeys);
        const text = functionText(object);
        return entries.length === 0 ? text : layOut(text, '{', entries, '}', indent);
      }
      if (object instanceof OriginalError || weir.isDOMException(object)) {
        return this.#error(object, name, indent);
      }
      const boxed = this.#boxed(object);
      if (boxed !== null) {
        const entries = isDeep ? [] : this.#properties(object, indent, stringKeys(object));
        return entries.length === 0 ? boxed : layOut(boxed, '{', entries, '}', indent);
      }
      if (isDeep) {
        return isArray(object) ? '[Array]' : `[${name ?? 'Object: null prototype'}]`;
      }
      if (isArray(object)) {
        const items = this.#items(object, indent);
        this.#properties(object, indent, indexKeys, items);
        return layOut(name === 'Array' ? '' : `${name}(${object.length})`, '[', items, ']', indent);
      }
      return this.#collection(object, name, indent);
    }

    #collection(object, name, indent) {
      const inner = `${indent}  `;
      const entries = [];
      let left = MOST_ITEMS;
      if (is(mapSize, object)) {
        mapForEach(object, (value, key) => {
          if (left-- > 0) {
            append(entries, `${this.show(key, inner)} => ${this.show(value, inner)}`);
          }
        });
        this.#more(entries, mapSize(object));
        this.#properties(object, indent, null, entries);
        return layOut(`${name}(${mapSize(object)})`, '{', entries, '}', indent);
      }
      if (is(setSize, object)) {
        setForEach(object, (value) => {
          if (left-- > 0) {
            append(entries, this.show(value, inner));
          }
        });
        this.#more(entries, setSize(object));
        this.#properties(object, indent, null, entries);
        return layOut(`${name}(${setSize(object)})`, '{', entries, '}', indent);
      }
      if (isView(object) && tagOfObject(object) !== '[object DataView]') {
        const items = this.#items(object, indent);
        return layOut(`${name}(${object.length})`, '[', items, ']', indent);
      }
      if (isArrayBuffer(object)) {
        append(entries, `[Uint8Contents]: <${hex(object)}>`);
        append(entries, `byteLength: ${new OriginalUint8Array(object).length}`);
        return layOut(name, '{', entries, '}', indent);
      }
      if (isPlatformObject(object)) {
        this.#attributes(object, inner, entries);
      } else {
        this.#properties(object, indent, null, entries);
      }
      return layOut(prefixOf(object, name), '{', entries, '}', indent);
    }

    /** What is shown as one word, though it is an object: dates, regular expressions, boxes. */
    #boxed(object) {
      if (is(dateValue, object)) {
        const time = dateValue(object);
        return time === time ? dateToISOString(object) : 'Invalid Date';
      }
      if (is(regExpSource, object) && object !== RegExp.prototype) {
        return regExpToString(object);
      }
      if (is(numberValue, object)) {
        return `[Number: ${primitive(numberValue(object))}]`;
      }
      if (is(stringValue, object)) {
        return `[String: ${primitive(stringValue(object))}]`;
      }
      if (is(booleanValue, object)) {
        return `[Boolean: ${booleanValue(object)}]`;
      }
      return null;
    }

    #error(error, name, indent) {
      const text = errorText(error, name);
      const entries = [];
      this.#properties(error, indent, errorKeys, entries);
      const cause = getOwnPropertyDescriptor(error, 'cause');
      if (cause !== undefined && 'value' in cause && !cause.enumerable) {
        append(entries, `[cause]: ${this.show(cause.value, `${indent}  `)}`);
      }
      const errors = getOwnPropertyDescriptor(error, 'errors');
      if (errors !== undefined && isArray(errors.value) && !errors.enumerable) {
        append(entries, `[errors]: ${this.show(errors.value, `${indent}  `)}`);
      }
      const lines = indent === '' ? text : replaceAll(text, '\n', `\n${indent}`);
      return entries.length === 0 ? lines : layOutLines(lines, entries, indent);
    }

    #items(array, indent) {
      const inner = `${indent}  `;
      const entries = [];
      const shown = array.length > MOST_ITEMS ? MOST_ITEMS : array.length;
      let holes = 0;
      const closeHoles = () => {
        if (holes > 0) {
          append(entries, `<${holes} empty item${holes > 1 ? 's' : ''}>`);
          holes = 0;
        }
      };
      for (let i = 0; i < shown; i++) {
        const descriptor = getOwnPropertyDescriptor(array, i);
        if (descriptor === undefined) {
          holes++;
          continue;
        }
        closeHoles();
        append(entries, this.#value(descriptor, inner));
      }
      closeHoles();
      this.#more(entries, array.length);
      return entries;
    }

    #more(entries, size) {
      const rest = size - MOST_ITEMS;
      if (rest > 0) {
        append(entries, `... ${rest} more item${rest > 1 ? 's' : ''}`);
      }
    }

    /** The enumerable own properties but those that `without` says are shown otherwise. */
    #properties(object, indent, without, entries = []) {
      const keys = ownKeys(object);
      for (let i = 0; i < keys.length; i++) {
        const key = keys[i];
        const descriptor = getOwnPropertyDescriptor(object, key);
        if (descriptor === undefined || !descriptor.enumerable || without?.(key)) {
          continue;
        }
        append(entries, `${keyText(key)}: ${this.#value(descriptor, `${indent}  `)}`);
      }
      return entries;
    }

    #value(descriptor, indent) {
      if ('value' in descriptor) {
        return this.show(descriptor.value, indent);
      }
      return descriptor.get === undefined
        ? '[Setter]'
        : descriptor.set === undefined
          ? '[Getter]'
          : '[Getter/Setter]';
    }

    /** Own properties, and the attributes of its interfaces, which are getters: of an event, say. */
    #attributes(object, indent, entries) {
      for (let one = object; one !== null; one = getPrototypeOf(one)) {
        if (one !== object && !isInterfacePrototype(one)) {
          continue;
        }
        const keys = ownKeys(one);
        for (let i = 0; i < keys.length; i++) {
          const key = keys[i];
          const { enumerable, get } = getOwnPropertyDescriptor(one, key);
          if (!enumerable || typeof key !== 'string' || (one !== object && get === undefined)) {
            continue;
          }
          if (one === object && startsWith(key, '_')) {
            // The streams of the polyfill keep their state there.
            continue;
          }
          let value;
          try {
            value = get === undefined ? object[key] : apply(get, object, []);
          } catch {
            continue;
          }
          if (value !== null || !startsWith(key, 'on')) {
            append(entries, `${keyText(key)}: ${this.show(value, indent)}`);
          }
        }
      }
    }
  }

  const indexKeys = (key) => typeof key === 'string' && test(index, key);
  const functionKeys = (key) => key === 'prototype';
  const stringKeys = (object) => (is(stringValue, object) ? indexKeys : null);
  const errorKeys = (key) => key === 'stack' || key === 'message';

  const prefixOf = (object, name) => {
    if (getPrototypeOf(object) === null) {
      return '[Object: null prototype]';
    }
    const tag = slice(tagOfObject(object), 8, -1);
    const own = name ?? 'Object';
    if (tag !== own && tag !== 'Object') {
      return `${own} [${tag}]`;
    }
    return own === 'Object' ? '' : own;
  };

  const hex = (buffer) => {
    const bytes = new OriginalUint8Array(buffer);
    const shown = bytes.length > MOST_BYTES ? MOST_BYTES : bytes.length;
    const digits = [];
    for (let i = 0; i < shown; i++) {
      append(digits, padStart(numberToString(bytes[i], 16), 2, '0'));
    }
    const rest = bytes.length - shown;
    return join(digits, ' ') + (rest > 0 ? ` ... ${rest} more byte${rest > 1 ? 's' : ''}` : '');
  };

  const layOutLines = (text, entries, indent) => {
    const inner = `${indent}  `;
    return `${text} {\n${inner}${join(entries, `,\n${inner}`)}\n${indent}}`;
  };

  /** Its stack if that belongs to it; else its name and message in brackets. */
  const errorText = (error, name) => {
    let stack;
    let head;
    try {
      head = `${error}`;
      stack = error.stack;
    } catch {
      head ??= name ?? 'Error';
    }
    if (typeof stack !== 'string' || stack === '') {
      return `[${head}]`;
    }
    // An error whose message has changed since: the stack still begins with the old one.
    if (startsWith(stack, head)) {
      return stack;
    }
    const frames = indexOf(stack, '\n    at ');
    return frames < 0 ? `[${head}]` : head + slice(stack, frames);
  };

  const inspect = (value, deepest = DEEPEST) => {
    try {
      return new Inspection(deepest).show(value, '');
    } catch {
      // A proxy, say, whose traps throw: looking at a value must never fail.
      return `[${typeof value}]`;
    }
  };
  weir.inspect = inspect;

  /** [message, details] of an error that nobody has caught. */
  weir.describeError = (error) => {
    let message;
    try {
      message = typeof error === 'symbol' ? symbolToString(error) : `${error}`;
    } catch {
      message = tagOfObject(error);
    }
    return [message, typeof error === 'string' ? error : inspect(error)];
  };
}
