// What a conformance case expects of values, exceptions and promises; plain script.
(function () {
  'use strict';

  class Failed extends Error {}

  function show(value) {
    if (typeof value === 'string') {
      return JSON.stringify(value.length > 200 ? `${value.slice(0, 200)}…` : value);
    }
    if (Object.is(value, -0)) {
      return '-0';
    }
    if (Array.isArray(value)) {
      return `[${value.map(show).join(', ')}]`;
    }
    if (typeof value === 'function') {
      return `function ${value.name}`;
    }
    if (typeof value === 'object' && value !== null) {
      if (typeof value.message === 'string' && typeof value.name === 'string') {
        return `${value.name}: ${value.message}`;
      }
      const prototype = Object.getPrototypeOf(value);
      if (prototype === Object.prototype || prototype === null) {
        return `{${Object.keys(value)
          .map((key) => `${key}: ${show(value[key])}`)
          .join(', ')}}`;
      }
      return Object.prototype.toString.call(value);
    }
    return String(value);
  }

  function same(one, other) {
    if (Object.is(one, other)) {
      return true;
    }
    if (Array.isArray(one) && Array.isArray(other)) {
      return one.length === other.length && one.every((value, i) => same(value, other[i]));
    }
    if (
      one &&
      other &&
      Object.getPrototypeOf(one) === Object.prototype &&
      Object.getPrototypeOf(other) === Object.prototype
    ) {
      const keys = Object.keys(one);
      return (
        keys.length === Object.keys(other).length &&
        keys.every((key) => Object.hasOwn(other, key) && same(one[key], other[key]))
      );
    }
    return false;
  }

  function fail(message) {
    throw new Failed(message);
  }

  function where(what) {
    return what === undefined ? '' : `${what}: `;
  }

  /** Expects equal values: primitives, arrays and plain objects of them. */
  function equal(actual, expected, what) {
    if (!same(actual, expected)) {
      fail(`${where(what)}expected ${show(expected)} but was ${show(actual)}`);
    }
  }

  function truthy(value, what) {
    if (!value) {
      fail(`expected ${what}`);
    }
  }

  function isDomException(error, name) {
    if (!(error instanceof DOMException)) {
      fail(`expected a DOMException ${name} but was ${show(error)}`);
    }
    equal(error.name, name, 'name of the DOMException');
  }

  /** Expects a thrown value: a constructor such as TypeError, the name of a DOMException, or itself. */
  function isError(error, expected) {
    if (typeof expected === 'string') {
      isDomException(error, expected);
    } else if (typeof expected === 'function') {
      if (typeof error !== 'object' || error === null || error.constructor !== expected) {
        fail(`expected ${expected.name} but was ${show(error)}`);
      }
    } else if (error !== expected) {
      fail(`expected ${show(expected)} itself but was ${show(error)}`);
    }
    return error;
  }

  function throws(expected, code, what) {
    let value;
    try {
      value = code();
    } catch (error) {
      return isError(error, expected);
    }
    return fail(
      `${where(what)}expected ${typeof expected === 'function' ? expected.name : show(expected)}` +
        ` to be thrown but was ${show(value)}`,
    );
  }

  async function rejects(expected, promise) {
    let value;
    try {
      value = await promise;
    } catch (error) {
      return isError(error, expected);
    }
    return fail(
      `expected a rejection with ${typeof expected === 'function' ? expected.name : show(expected)}` +
        ` but was ${show(value)}`,
    );
  }

  globalThis.expectations = { Failed, show, equal, truthy, throws, rejects, fail };
  Object.assign(globalThis, { equal, truthy, throws, rejects, fail });
})();
