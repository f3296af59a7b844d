// ReadableStream and its family, by a polyfill (https://streams.spec.whatwg.org/).
(weir) => {
  'use strict';

  const { host, idl } = weir;
  const exports = { __proto__: null };
  // What it takes from the global object besides the language is handed in: a script may replace it.
  host.evaluateStreams()(exports, {}, undefined, weir.AbortController, weir.DOMException);
  const names = Reflect.ownKeys(exports);
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    if (typeof exports[name] === 'function') {
      weir[name] = idl.defineInterface(exports[name]);
    }
  }
}
