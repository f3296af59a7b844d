// console (https://console.spec.whatwg.org/).
(weir) => {
  'use strict';

  const { host } = weir;
  const { define } = weir.idl;

  const text = (value) => {
    try {
      return typeof value === 'object' && value !== null && typeof value.stack === 'string'
        ? value.stack
        : String(value);
    } catch {
      return Object.prototype.toString.call(value);
    }
  };
  const print = (isError) => (...values) => {
    host.print(values.map(text).join(' '), isError);
  };
  const console = {
    log: print(false),
    info: print(false),
    debug: print(false),
    warn: print(true),
    error: print(true),
  };
  define(weir.global, 'console', console, true, false, true);

  /** [message, details] of an error that nobody has caught. */
  weir.describeError = (error) => {
    let message;
    try {
      message = String(error);
    } catch {
      message = 'an error that has no string';
    }
    return [message, text(error)];
  };
  weir.reportException ??= (error) => host.reportError(error);
}
