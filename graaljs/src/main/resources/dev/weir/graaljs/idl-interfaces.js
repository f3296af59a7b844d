// The shape of interfaces (https://webidl.spec.whatwg.org/#js-interfaces). They are plain classes
// whose state is in private fields: those are the brand check.
(weir) => {
  'use strict';

  const { global, idl } = weir;
  const { apply, callbackFunction, create, freeze, requireArguments, setPrototypeOf, uncurry } = idl;
  const { defineProperty, getPrototypeOf, ownKeys } = Reflect;
  const iteratorSymbol = Symbol.iterator;

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

  weir.idl = freeze({
    ...idl,
    __proto__: null,
    define,
    expose,
    isPlatformObject,
    isInterfacePrototype: (value) => hasPrototype(prototypes, value),
    defineInterface,
    defineGlobalOperation,
    definePairIterable,
    token,
    requireToken,
    iteratorPrototype,
  });
}
