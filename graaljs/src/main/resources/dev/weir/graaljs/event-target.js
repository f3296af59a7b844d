// EventTarget and dispatch (https://dom.spec.whatwg.org/#interface-eventtarget).
(weir) => {
  'use strict';

  const { idl, global, isEvent } = weir;
  const { NONE, AT_TARGET, slotsOf } = weir.events;
  const { append, apply, boolean, defineInterface, dictionary, interfaceType, isObject } = idl;
  const { requireArguments } = idl;

  let stateOf;
  let isEventTarget;

  /** The state of the global object, which no constructor of these files has made. */
  const globalState = newState();

  function newState() {
    return { __proto__: null, listeners: [], handlers: null, changed: null };
  }

  const eventListenerOptions = dictionary('EventListenerOptions', {
    capture: { type: boolean, default: false },
  });
  const addEventListenerOptions = dictionary(
    'AddEventListenerOptions',
    {
      once: { type: boolean, default: false },
      passive: { type: boolean },
      signal: {
        type: (value, where) => interfaceType('AbortSignal', weir.isAbortSignal)(value, where),
      },
    },
    eventListenerOptions,
  );

  /** The union of a dictionary and boolean, which both methods take. */
  const flatten = (convert, options, where) =>
    options === undefined || options === null || isObject(options)
      ? convert(options, where)
      : { __proto__: null, capture: !!options, once: false };

  const executing = (name) => `Failed to execute '${name}' on 'EventTarget'`;

  const listenerOrNull = (callback, where) =>
    callback === undefined || callback === null
      ? null
      : idl.callbackInterface(callback, `${where}: parameter 2`);

  class EventTarget {
    #state = newState();

    static {
      isEventTarget = (value) => isObject(value) && (value === global || #state in value);
      stateOf = (target) => {
        // A bare addEventListener(…) means the global object (Web IDL, "this" of the global).
        if (target === global || target === undefined || target === null) {
          return globalState;
        }
        if (!isObject(target) || !(#state in target)) {
          throw new TypeError('Illegal invocation');
        }
        return target.#state;
      };
    }

    addEventListener(type, callback, options = undefined) {
      const state = stateOf(this);
      const where = executing('addEventListener');
      requireArguments(2, arguments.length, where);
      const name = `${type}`;
      const listener = listenerOrNull(callback, where);
      const flat = flatten(addEventListenerOptions, options, `${where}: parameter 3`);
      addListener(state, name, listener, flat);
    }

    removeEventListener(type, callback, options = undefined) {
      const state = stateOf(this);
      const where = executing('removeEventListener');
      requireArguments(2, arguments.length, where);
      const name = `${type}`;
      const listener = listenerOrNull(callback, where);
      const { capture } = flatten(eventListenerOptions, options, `${where}: parameter 3`);
      const index = indexOfListener(state, name, listener, capture);
      if (index >= 0) {
        removeListener(state, state.listeners[index]);
      }
    }

    dispatchEvent(event) {
      const state = stateOf(this);
      const where = executing('dispatchEvent');
      requireArguments(1, arguments.length, where);
      if (!isEvent(event)) {
        throw new TypeError(`${where}: parameter 1 is not of type 'Event'.`);
      }
      const slots = slotsOf(event);
      if (slots.dispatching) {
        throw weir.createDOMException(
          `${where}: The event is already being dispatched.`,
          'InvalidStateError',
        );
      }
      slots.isTrusted = false;
      return dispatchAll(this ?? global, state, event, slots);
    }
  }
  defineInterface(EventTarget);

  const indexOfListener = (state, type, callback, capture) => {
    const listeners = state.listeners;
    for (let i = 0; i < listeners.length; i++) {
      const one = listeners[i];
      if (one.type === type && one.callback === callback && one.capture === capture) {
        return i;
      }
    }
    return -1;
  };

  const addListener = (state, type, callback, { capture, once, passive, signal }) => {
    if (signal !== undefined && weir.isAborted(signal)) {
      return;
    }
    if (callback === null || indexOfListener(state, type, callback, capture) >= 0) {
      return;
    }
    const listener = {
      __proto__: null,
      type,
      callback,
      capture,
      once,
      passive: passive === true,
      handler: false,
      removed: false,
      forget: null,
    };
    insert(state, listener);
    if (signal !== undefined) {
      const algorithm = () => removeListener(state, listener);
      weir.onAbort(signal, algorithm);
      listener.forget = () => weir.removeOnAbort(signal, algorithm);
    }
    if (state.changed !== null) {
      state.changed();
    }
  };

  /** Makes a new array, so that a dispatch that runs goes on with the old one. */
  const insert = (state, listener) => {
    const listeners = [];
    for (let i = 0; i < state.listeners.length; i++) {
      append(listeners, state.listeners[i]);
    }
    append(listeners, listener);
    state.listeners = listeners;
  };

  const removeListener = (state, listener) => {
    if (listener.removed) {
      return;
    }
    listener.removed = true;
    const listeners = [];
    for (let i = 0; i < state.listeners.length; i++) {
      if (state.listeners[i] !== listener) {
        append(listeners, state.listeners[i]);
      }
    }
    state.listeners = listeners;
    if (listener.forget !== null) {
      // The signal outlives many listeners; it must not keep them.
      listener.forget();
    }
    if (state.changed !== null) {
      state.changed();
    }
  };

  /** Where a dispatch stands: capturing listeners come first, then the others. */
  class Dispatch {
    target;
    state;
    event;
    slots;
    capture = true;
    listeners = [];
    next = 0;

    constructor(target, state, event, slots) {
      this.target = target;
      this.state = state;
      this.event = event;
      this.slots = slots;
    }
  }

  /** "Dispatch" for a path of one, up to the first listener. */
  const begin = (target, state, event, slots) => {
    slots.dispatching = true;
    slots.target = target;
    slots.eventPhase = AT_TARGET;
    const dispatch = new Dispatch(target, state, event, slots);
    beginPhase(dispatch, true);
    return dispatch;
  };

  const beginPhase = (dispatch, capture) => {
    dispatch.capture = capture;
    dispatch.next = 0;
    if (!dispatch.slots.propagationStopped) {
      dispatch.slots.currentTarget = dispatch.target;
      // Listeners that are added now are not for this event, nor in this array.
      dispatch.listeners = dispatch.state.listeners;
    } else {
      dispatch.listeners = [];
    }
  };

  /** Calls the next listener; false if there is none left and the dispatch is over. */
  const advance = (dispatch) => {
    const { slots } = dispatch;
    for (;;) {
      if (slots.immediatelyStopped || dispatch.next >= dispatch.listeners.length) {
        if (!dispatch.capture) {
          end(slots);
          return false;
        }
        beginPhase(dispatch, false);
        continue;
      }
      const listener = dispatch.listeners[dispatch.next++];
      if (
        !listener.removed &&
        listener.type === slots.type &&
        listener.capture === dispatch.capture
      ) {
        call(listener, dispatch);
        return true;
      }
    }
  };

  const end = (slots) => {
    slots.eventPhase = NONE;
    slots.currentTarget = null;
    slots.dispatching = false;
    slots.propagationStopped = false;
    slots.immediatelyStopped = false;
  };

  const dispatchAll = (target, state, event, slots) => {
    const dispatch = begin(target, state, event, slots);
    while (advance(dispatch));
    return !slots.canceled;
  };

  const call = (listener, { target, state, event, slots }) => {
    if (listener.once) {
      removeListener(state, listener);
    }
    slots.inPassiveListener = listener.passive;
    try {
      if (listener.handler) {
        listener.callback(target, event, slots);
      } else {
        callListener(listener.callback, target, event);
      }
    } catch (error) {
      weir.reportException(error);
    }
    slots.inPassiveListener = false;
  };

  /** "Call a user object's operation" with handleEvent. */
  const callListener = (callback, target, event) => {
    if (typeof callback === 'function') {
      apply(callback, target, [event]);
      return;
    }
    const method = callback.handleEvent;
    if (typeof method !== 'function') {
      throw new TypeError('EventListener has a handleEvent that is not a function.');
    }
    apply(method, callback, [event]);
  };

  /** Fires an event that the platform itself has made; false if it was canceled. */
  weir.fire = (target, event) => {
    const slots = slotsOf(event);
    slots.isTrusted = true;
    return dispatchAll(target, stateOf(target), event, slots);
  };

  /**
   * The same for an event that Java brings: calls the first listener, and gives a function that
   * calls the next, or undefined when there is none. Java calls that from outside of all scripts,
   * so that the promise reactions of each listener run before the next, as they do in browsers.
   */
  weir.fireInSteps = (target, event) => {
    const slots = slotsOf(event);
    slots.isTrusted = true;
    const dispatch = begin(target, stateOf(target), event, slots);
    const step = () => (advance(dispatch) ? step : undefined);
    return step();
  };

  /** Whether anybody listens for the type. */
  weir.hasListeners = (target, type) => {
    const { listeners } = stateOf(target);
    for (let i = 0; i < listeners.length; i++) {
      if (listeners[i].type === type) {
        return true;
      }
    }
    return false;
  };

  /** Runs the function after each change of the target's listeners. */
  weir.onListenersChanged = (target, changed) => {
    stateOf(target).changed = changed;
  };

  weir.EventTarget = EventTarget;
  weir.isEventTarget = isEventTarget;
  weir.targets = { __proto__: null, stateOf, insert, removeListener };
}
