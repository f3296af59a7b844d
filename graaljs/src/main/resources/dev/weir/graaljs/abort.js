// AbortController and AbortSignal (https://dom.spec.whatwg.org/#aborting-ongoing-activities).
(weir) => {
  'use strict';

  const { idl } = weir;
  const { append, defineInterface, interfaceType, isObject, requireArguments, sequence, token } = idl;
  const EventTarget = weir.EventTarget;
  const OriginalSet = Set;
  const OriginalWeakRef = WeakRef;
  const setAdd = idl.uncurry(Set.prototype.add);
  const setDelete = idl.uncurry(Set.prototype.delete);
  const setClear = idl.uncurry(Set.prototype.clear);
  const setForEach = idl.uncurry(Set.prototype.forEach);
  const setSize = idl.getterOf(Set.prototype, 'size');
  const deref = idl.uncurry(WeakRef.prototype.deref);

  /** The longest delay that a timer takes, in milliseconds; longer ones end here too. */
  const LONGEST_TIMER = 0x7fffffff;

  /** How many dead references a signal keeps before it looks for them. */
  const FEWEST_SWEPT = 32;

  let slotsOf;
  let isAbortSignal;

  class AbortSignal extends EventTarget {
    #slots = {
      __proto__: null,
      aborted: false,
      reason: undefined,
      algorithms: new OriginalSet(),
      // Signals of any() that follow this one. They are held weakly, as most of them are dropped
      // unaborted, but strongly while somebody waits for their abort.
      dependents: new OriginalSet(),
      awaited: new OriginalSet(),
      sweepAt: FEWEST_SWEPT,
      // Only a dependent signal has sources.
      sources: null,
    };

    static {
      isAbortSignal = (value) => isObject(value) && #slots in value;
      slotsOf = (signal) => signal.#slots;
    }

    constructor() {
      idl.requireToken(arguments[0]);
      super();
    }

    static abort(reason = undefined) {
      const signal = new AbortSignal(token);
      setReason(slotsOf(signal), reason);
      return signal;
    }

    static timeout(milliseconds) {
      const where = "Failed to execute 'timeout' on 'AbortSignal'";
      requireArguments(1, arguments.length, where);
      const delay = idl.enforcedUnsignedLongLong(milliseconds, `${where}: parameter 1`);
      const signal = new AbortSignal(token);
      weir.host.startTimer(
        () => signalAbort(signal, weir.createDOMException('signal timed out', 'TimeoutError')),
        delay > LONGEST_TIMER ? LONGEST_TIMER : delay,
        // A timeout alone is no reason to go on: what it would end is.
        false,
      );
      return signal;
    }

    static any(signals) {
      const where = "Failed to execute 'any' on 'AbortSignal'";
      requireArguments(1, arguments.length, where);
      return dependentOn(sequence(abortSignal)(signals, `${where}: parameter 1`));
    }

    get aborted() {
      return this.#slots.aborted;
    }

    get reason() {
      return this.#slots.reason;
    }

    throwIfAborted() {
      const slots = this.#slots;
      if (slots.aborted) {
        throw slots.reason;
      }
    }
  }
  weir.defineEventHandlers(AbortSignal.prototype, ['abort'], slotsOf);
  defineInterface(AbortSignal);

  const abortSignal = interfaceType('AbortSignal', isAbortSignal);

  const setReason = (slots, reason) => {
    slots.aborted = true;
    slots.reason =
      reason === undefined
        ? weir.createDOMException('signal is aborted without reason', 'AbortError')
        : reason;
  };

  /** "Signal abort". */
  const signalAbort = (signal, reason) => {
    const slots = slotsOf(signal);
    if (slots.aborted) {
      return;
    }
    setReason(slots, reason);
    const followers = [];
    setForEach(slots.dependents, (reference) => {
      const dependent = deref(reference);
      if (dependent !== undefined && !slotsOf(dependent).aborted) {
        setReason(slotsOf(dependent), slots.reason);
        append(followers, dependent);
      }
    });
    setClear(slots.dependents);
    setClear(slots.awaited);
    runAbortSteps(signal, slots);
    for (let i = 0; i < followers.length; i++) {
      runAbortSteps(followers[i], slotsOf(followers[i]));
    }
  };

  const runAbortSteps = (signal, slots) => {
    const algorithms = [];
    setForEach(slots.algorithms, (algorithm) => append(algorithms, algorithm));
    setClear(slots.algorithms);
    for (let i = 0; i < algorithms.length; i++) {
      algorithms[i]();
    }
    weir.fire(signal, new weir.Event('abort'));
    const sources = slots.sources;
    if (sources !== null) {
      setForEach(sources, (source) => setDelete(slotsOf(source).awaited, signal));
    }
  };

  /** "Create a dependent abort signal". */
  const dependentOn = (signals) => {
    const result = new AbortSignal(token);
    const slots = slotsOf(result);
    for (let i = 0; i < signals.length; i++) {
      if (slotsOf(signals[i]).aborted) {
        setReason(slots, slotsOf(signals[i]).reason);
        return result;
      }
    }
    slots.sources = new OriginalSet();
    for (let i = 0; i < signals.length; i++) {
      const sources = slotsOf(signals[i]).sources;
      if (sources === null) {
        setAdd(slots.sources, signals[i]);
      } else {
        setForEach(sources, (source) => setAdd(slots.sources, source));
      }
    }
    const reference = new OriginalWeakRef(result);
    setForEach(slots.sources, (source) => addDependent(slotsOf(source), reference));
    weir.onListenersChanged(result, () => holdWhileAwaited(result, slots));
    return result;
  };

  const addDependent = (slots, reference) => {
    if (setSize(slots.dependents) >= slots.sweepAt) {
      setForEach(slots.dependents, (one) => {
        if (deref(one) === undefined) {
          setDelete(slots.dependents, one);
        }
      });
      slots.sweepAt = setSize(slots.dependents) * 2 + FEWEST_SWEPT;
    }
    setAdd(slots.dependents, reference);
  };

  const holdWhileAwaited = (signal, slots) => {
    if (slots.sources === null || slots.aborted) {
      return;
    }
    const awaited = setSize(slots.algorithms) > 0 || weir.hasListeners(signal, 'abort');
    setForEach(slots.sources, (source) => {
      if (awaited) {
        setAdd(slotsOf(source).awaited, signal);
      } else {
        setDelete(slotsOf(source).awaited, signal);
      }
    });
  };

  class AbortController {
    #signal = new AbortSignal(token);

    get signal() {
      return this.#signal;
    }

    abort(reason = undefined) {
      signalAbort(this.#signal, reason);
    }
  }
  defineInterface(AbortController);

  weir.AbortSignal = AbortSignal;
  weir.AbortController = AbortController;
  weir.isAbortSignal = isAbortSignal;
  weir.isAborted = (signal) => slotsOf(signal).aborted;
  weir.abortReason = (signal) => slotsOf(signal).reason;
  weir.signalAbort = signalAbort;

  /** Runs the function when the signal is aborted, once; does nothing if it already is. */
  weir.onAbort = (signal, algorithm) => {
    const slots = slotsOf(signal);
    if (!slots.aborted) {
      setAdd(slots.algorithms, algorithm);
      holdWhileAwaited(signal, slots);
    }
  };

  weir.removeOnAbort = (signal, algorithm) => {
    const slots = slotsOf(signal);
    setDelete(slots.algorithms, algorithm);
    holdWhileAwaited(signal, slots);
  };
}
