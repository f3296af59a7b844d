// The global object's other members: self, location (as WorkerLocation, read-only), performance,
// atob and btoa, crypto's random values.
(weir) => {
  'use strict';

  const { idl, host, global } = weir;
  const { defineInterface, defineGlobalOperation, define, requireArguments, requireToken, token } = idl;
  const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf, setPrototypeOf } = Reflect;

  /** Defines the accessors of an object literal on the global object, as attributes. */
  const defineGlobalAttributes = (accessors) => {
    const keys = Object.keys(accessors);
    for (let i = 0; i < keys.length; i++) {
      const descriptor = getOwnPropertyDescriptor(accessors, keys[i]);
      setPrototypeOf(descriptor, null);
      defineProperty(global, keys[i], descriptor);
    }
  };

  const checkGlobal = (self) => {
    if (self !== global && self !== undefined && self !== null) {
      throw new TypeError('Illegal invocation');
    }
  };

  /** An attribute that a script may replace ([Replaceable]). */
  const replaceable = (name, get) => {
    const accessors = {
      get [name]() {
        checkGlobal(this);
        return get();
      },
      set [name](replacement) {
        checkGlobal(this);
        define(global, name, replacement, true, true, true);
      },
    };
    defineGlobalAttributes(accessors);
  };

  replaceable('self', () => global);

  // Location

  let parsed = null;

  /** Parsed only where it is looked at, as many scripts never do. */
  const url = () => {
    parsed ??= host.urlParse(weir.baseUrl ?? 'about:blank', null);
    return parsed;
  };

  class WorkerLocation {
    #url = url;

    constructor() {
      requireToken(arguments[0]);
    }

    get href() {
      return host.urlGet(this.#url(), 'href');
    }

    get origin() {
      return host.urlGet(this.#url(), 'origin');
    }

    get protocol() {
      return host.urlGet(this.#url(), 'protocol');
    }

    get host() {
      return host.urlGet(this.#url(), 'host');
    }

    get hostname() {
      return host.urlGet(this.#url(), 'hostname');
    }

    get port() {
      return host.urlGet(this.#url(), 'port');
    }

    get pathname() {
      return host.urlGet(this.#url(), 'pathname');
    }

    get search() {
      return host.urlGet(this.#url(), 'search');
    }

    get hash() {
      return host.urlGet(this.#url(), 'hash');
    }

    toString() {
      return host.urlGet(this.#url(), 'href');
    }
  }
  defineInterface(WorkerLocation);

  const location = new WorkerLocation(token);
  weir.location = location;
  defineGlobalAttributes({
    get location() {
      checkGlobal(this);
      return location;
    },
  });
  replaceable('origin', () => location.origin);

  // Performance

  const timeOrigin = host.wallClock() - host.now();

  class Performance extends weir.EventTarget {
    #timeOrigin = timeOrigin;

    constructor() {
      requireToken(arguments[0]);
      super();
    }

    now() {
      void this.#timeOrigin;
      return host.now();
    }

    get timeOrigin() {
      return this.#timeOrigin;
    }

    toJSON() {
      return { timeOrigin: this.#timeOrigin };
    }
  }
  defineInterface(Performance);
  const performance = new Performance(token);
  replaceable('performance', () => performance);

  // Base64

  const invalidCharacter = (message) => {
    throw weir.createDOMException(message, 'InvalidCharacterError');
  };

  const operations = {
    atob(data) {
      const where = "Failed to execute 'atob'";
      requireArguments(1, arguments.length, where);
      return (
        host.base64Decode(`${data}`) ??
        invalidCharacter(`${where}: The string to be decoded is not correctly encoded.`)
      );
    },
    btoa(data) {
      const where = "Failed to execute 'btoa'";
      requireArguments(1, arguments.length, where);
      return (
        host.base64Encode(`${data}`) ??
        invalidCharacter(`${where}: The string has characters outside of the Latin1 range.`)
      );
    },
  };
  defineGlobalOperation('atob', operations.atob);
  defineGlobalOperation('btoa', operations.btoa);

  // Crypto

  const typedArrayName = idl.getterOf(getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag);
  const slice = idl.uncurry(String.prototype.slice);
  const OriginalUint8Array = Uint8Array;
  const setBytes = idl.uncurry(Uint8Array.prototype.set);
  const integerArrays = {
    __proto__: null,
    Int8Array: true,
    Uint8Array: true,
    Uint8ClampedArray: true,
    Int16Array: true,
    Uint16Array: true,
    Int32Array: true,
    Uint32Array: true,
    BigInt64Array: true,
    BigUint64Array: true,
  };
  const MOST_RANDOM_BYTES = 65_536;
  const HEX = '0123456789abcdef';

  class Crypto {
    #branded;

    constructor() {
      requireToken(arguments[0]);
    }

    getRandomValues(array) {
      void this.#branded;
      const where = "Failed to execute 'getRandomValues' on 'Crypto'";
      requireArguments(1, arguments.length, where);
      if (!idl.isView(array)) {
        throw new TypeError(`${where}: parameter 1 is not of type 'ArrayBufferView'.`);
      }
      if (!(typedArrayName(array) in integerArrays)) {
        throw weir.createDOMException(
          `${where}: expected an array of integers.`,
          'TypeMismatchError',
        );
      }
      const { buffer, byteOffset, byteLength } = idl.rangeOf(array);
      if (byteLength > MOST_RANDOM_BYTES) {
        throw weir.createDOMException(
          `${where}: expected ${MOST_RANDOM_BYTES} bytes at most but was ${byteLength}.`,
          'QuotaExceededError',
        );
      }
      const target = new OriginalUint8Array(buffer, byteOffset, byteLength);
      setBytes(target, weir.receiveBytes(host.randomBytes(byteLength)));
      return array;
    }

    randomUUID() {
      void this.#branded;
      const bytes = weir.receiveBytes(host.randomBytes(16));
      bytes[6] = (bytes[6] & 0x0f) | 0x40;
      bytes[8] = (bytes[8] & 0x3f) | 0x80;
      let text = '';
      for (let i = 0; i < 16; i++) {
        text += HEX[bytes[i] >> 4] + HEX[bytes[i] & 15];
      }
      const part = (from, to) => slice(text, from, to);
      return `${part(0, 8)}-${part(8, 12)}-${part(12, 16)}-${part(16, 20)}-${part(20)}`;
    }
  }
  defineInterface(Crypto);
  const crypto = new Crypto(token);
  defineGlobalAttributes({
    get crypto() {
      checkGlobal(this);
      return crypto;
    },
  });
}
