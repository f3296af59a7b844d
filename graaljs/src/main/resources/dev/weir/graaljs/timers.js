// What has to do with tasks: setTimeout, setInterval, their clear functions and queueMicrotask
// (https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timers), close(), and the
// report of rejections that nobody handles.
(weir) => {
  'use strict';

  const { host, global } = weir;
  const { apply, callbackFunction, defineGlobalOperation, long, requireArguments, uncurry } = weir.idl;
  const evaluate = global.eval;
  const timers = new Map();
  const get = uncurry(Map.prototype.get);
  const set = uncurry(Map.prototype.set);
  const remove = uncurry(Map.prototype.delete);
  const then = uncurry(Promise.prototype.then);
  const resolved = Promise.resolve();

  const CLAMPED_NESTING = 5;
  const CLAMPED_MILLISECONDS = 4;

  /** For a signal's timeout, say, which by itself keeps nothing running. */
  weir.startTimer = (callback, milliseconds) => host.startTimer(callback, milliseconds, false);

  let lastId = 0;
  /** How many timers deep the task is that runs now: a timer set by a timer is one deeper. */
  let nesting = 0;

  const start = (timer) => {
    const level = nesting + 1;
    let delay = timer.timeout < 0 ? 0 : timer.timeout;
    if (level > CLAMPED_NESTING && delay < CLAMPED_MILLISECONDS) {
      delay = CLAMPED_MILLISECONDS;
    }
    timer.started = host.startTimer(() => run(timer, level), delay);
  };

  const run = (timer, level) => {
    nesting = level;
    try {
      if (typeof timer.handler === 'function') {
        apply(timer.handler, global, timer.parameters);
      } else {
        evaluate(timer.handler);
      }
    } catch (error) {
      weir.reportException(error);
    } finally {
      // Cleared by its own handler: not started again.
      if (timer.repeats && get(timers, timer.id) === timer) {
        start(timer);
      } else {
        remove(timers, timer.id);
      }
      nesting = 0;
    }
  };

  /** A handler that is no function is a script, as ever: it is evaluated in the global scope. */
  const begin = (handler, timeout, parameters, repeats) => {
    const timer = {
      __proto__: null,
      id: ++lastId,
      handler: typeof handler === 'function' ? handler : `${handler}`,
      timeout: long(timeout),
      parameters,
      repeats,
      started: 0,
    };
    set(timers, timer.id, timer);
    start(timer);
    return timer.id;
  };

  const clear = (id) => {
    const timer = get(timers, long(id));
    if (timer !== undefined) {
      remove(timers, timer.id);
      host.stopTimer(timer.started);
    }
  };

  const operations = {
    setTimeout(handler, timeout = 0, ...parameters) {
      requireArguments(1, arguments.length, "Failed to execute 'setTimeout'");
      return begin(handler, timeout, parameters, false);
    },
    setInterval(handler, timeout = 0, ...parameters) {
      requireArguments(1, arguments.length, "Failed to execute 'setInterval'");
      return begin(handler, timeout, parameters, true);
    },
    clearTimeout(id = 0) {
      clear(id);
    },
    clearInterval(id = 0) {
      clear(id);
    },
    queueMicrotask(callback) {
      const where = "Failed to execute 'queueMicrotask'";
      requireArguments(1, arguments.length, where);
      callbackFunction(callback, `${where}: parameter 1`);
      then(resolved, () => {
        try {
          apply(callback, undefined, []);
        } catch (error) {
          weir.reportException(error);
        }
      });
    },
    /** As a worker's: no task follows the one that runs. */
    close() {
      host.close();
    },
  };
  const names = Reflect.ownKeys(operations);
  for (let i = 0; i < names.length; i++) {
    defineGlobalOperation(names[i], operations[names[i]]);
  }

  // Where the context was made to ask a handler about rejections, it is asked once those of a task
  // are known that nobody has handled by its end.
  const { setUnhandledPromiseRejectionHandler } = global.Graal ?? {};
  if (typeof setUnhandledPromiseRejectionHandler === 'function') {
    setUnhandledPromiseRejectionHandler((reason, promise) => {
      weir.reportUnhandledRejection(promise, reason);
    });
  }
}
