// The global object as an EventTarget, and errors that nobody catches
// (https://html.spec.whatwg.org/#runtime-script-errors).
(weir) => {
  'use strict';

  const { idl, host, global, ErrorEvent, EventTarget, PromiseRejectionEvent } = weir;
  const { create, define, isObject, requireArguments } = idl;
  const { getPrototypeOf, setPrototypeOf } = Reflect;

  const globalPrototype = create(EventTarget.prototype);
  if (getPrototypeOf(global) !== Object.prototype || !setPrototypeOf(global, globalPrototype)) {
    const methods = ['addEventListener', 'removeEventListener', 'dispatchEvent'];
    for (let i = 0; i < methods.length; i++) {
      define(global, methods[i], EventTarget.prototype[methods[i]], true, true, true);
    }
  }
  weir.defineEventHandlers(global, ['error', 'unhandledrejection', 'rejectionhandled']);

  // Errors that nobody catches

  const match = idl.uncurry(RegExp.prototype.exec);
  const then = idl.uncurry(Promise.prototype.then);
  const OriginalPromise = Promise;

  /** What an ErrorEvent says of a value that was thrown. */
  const describe = (error) => {
    const description = { message: 'Uncaught exception', filename: '', lineno: 0, colno: 0 };
    try {
      description.message = `Uncaught ${String(error)}`;
      const place = /(?:\(|at )([^\n()]*?):(\d+):(\d+)\)?(?:\n|$)/;
      const stack = isObject(error) ? error.stack : undefined;
      const found = typeof stack === 'string' ? match(place, stack) : null;
      if (found !== null) {
        description.filename = found[1];
        description.lineno = +found[2];
        description.colno = +found[3];
      }
    } catch {
      // An error that cannot even be turned into text is reported as it is.
    }
    return description;
  };

  let reporting = false;

  /** "Report the exception": an error event at the global object, else the host hears of it. */
  weir.reportException = (error) => {
    if (reporting) {
      // An error in a listener for errors: no second event.
      host.reportError(error);
      return;
    }
    reporting = true;
    let handled = false;
    try {
      const init = { __proto__: null, ...describe(error), error, cancelable: true };
      handled = !weir.fire(global, new ErrorEvent('error', init));
    } finally {
      reporting = false;
    }
    if (!handled) {
      host.reportError(error);
    }
  };

  const operations = {
    reportError(error) {
      requireArguments(1, arguments.length, "Failed to execute 'reportError'");
      weir.reportException(error);
    },
  };
  idl.defineGlobalOperation('reportError', operations.reportError);

  /**
   * Evaluates the script that the host has at hand, and reports what it throws before the promise
   * reactions run: those wait for the outermost call to return, which is this one.
   */
  weir.evaluateScript = () => {
    try {
      host.evaluateScript();
    } catch (error) {
      weir.reportException(error);
    }
  };

  /** Calls back when the evaluation of a module has come to its end: a promise where it awaits. */
  weir.whenSettled = (evaluation, done) => {
    if (evaluation instanceof OriginalPromise) {
      // A rejection is thrown by the engine besides, and reported then.
      then(
        evaluation,
        () => done(),
        () => done(),
      );
    } else {
      done();
    }
  };

  /** The same for a promise that was rejected with nobody listening. */
  weir.reportUnhandledRejection = (promise, reason) => {
    const init = { __proto__: null, promise, reason, cancelable: true };
    if (weir.fire(global, new PromiseRejectionEvent('unhandledrejection', init))) {
      host.reportRejection(reason);
    }
  };
}
