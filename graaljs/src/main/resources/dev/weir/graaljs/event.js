// Event, its subclasses and EventTarget (https://dom.spec.whatwg.org/#events), event handler
// attributes (https://html.spec.whatwg.org/#event-handlers), and errors that nobody catches
// (https://html.spec.whatwg.org/#runtime-script-errors). There is no tree: the path of every event
// is its target alone.
(weir) => {
  'use strict';

  const { idl, host, global } = weir;
  const { append, apply, create, define, defineInterface, dictionary, interfaceType, isObject } = idl;
  const { requireArguments, sequence, token, any, boolean, DOMString, USVString } = idl;
  const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf, setPrototypeOf } = Reflect;

  const NONE = 0;
  const CAPTURING_PHASE = 1;
  const AT_TARGET = 2;
  const BUBBLING_PHASE = 3;

  const eventInit = dictionary('EventInit', {
    bubbles: { type: boolean, default: false },
    cancelable: { type: boolean, default: false },
    composed: { type: boolean, default: false },
  });

  const constructing = (name) => `Failed to construct '${name}'`;

  /** Converts the two arguments of an event's constructor, for its super call. */
  const eventArguments = (name, convert, args) => {
    const where = constructing(name);
    requireArguments(1, args.length, where);
    const type = `${args[0]}`;
    return { __proto__: null, type, init: convert(args[1], `${where}: parameter 2`) };
  };

  // Shared by Event and EventTarget alone, set where their private fields are in sight.
  let isEvent;
  let slotsOf;

  const { isTrusted } = Object.getOwnPropertyDescriptors({
    get isTrusted() {
      return slotsOf(this).isTrusted;
    },
  });
  const unforgeable = { get: isTrusted.get, set: undefined, enumerable: true, configurable: false };
  setPrototypeOf(unforgeable, null);

  /** What an event is; a class, as engines make those faster than literals. */
  class Slots {
    type = '';
    bubbles = false;
    cancelable = false;
    composed = false;
    isTrusted = false;
    timeStamp = host.now();
    target = null;
    currentTarget = null;
    eventPhase = NONE;
    dispatching = false;
    canceled = false;
    propagationStopped = false;
    immediatelyStopped = false;
    inPassiveListener = false;

    constructor(type, init) {
      this.type = type;
      this.bubbles = init.bubbles;
      this.cancelable = init.cancelable;
      this.composed = init.composed;
    }
  }

  class Event {
    #slots;

    static {
      isEvent = (value) => isObject(value) && #slots in value;
      slotsOf = (event) => event.#slots;
    }

    constructor(type, eventInitDict = undefined) {
      // A subclass has converted its arguments already: [token, type, init].
      const converted =
        type === token
          ? { type: eventInitDict, init: arguments[2] }
          : eventArguments('Event', eventInit, arguments);
      const init = converted.init;
      this.#slots = new Slots(converted.type, converted.init);
      defineProperty(this, 'isTrusted', unforgeable);
    }

    get type() {
      return this.#slots.type;
    }

    get target() {
      return this.#slots.target;
    }

    get srcElement() {
      return this.#slots.target;
    }

    get currentTarget() {
      return this.#slots.currentTarget;
    }

    composedPath() {
      const current = this.#slots.currentTarget;
      return current === null ? [] : [current];
    }

    get eventPhase() {
      return this.#slots.eventPhase;
    }

    stopPropagation() {
      this.#slots.propagationStopped = true;
    }

    get cancelBubble() {
      return this.#slots.propagationStopped;
    }

    set cancelBubble(value) {
      const slots = this.#slots;
      if (value) {
        slots.propagationStopped = true;
      }
    }

    stopImmediatePropagation() {
      const slots = this.#slots;
      slots.propagationStopped = true;
      slots.immediatelyStopped = true;
    }

    get bubbles() {
      return this.#slots.bubbles;
    }

    get cancelable() {
      return this.#slots.cancelable;
    }

    get returnValue() {
      return !this.#slots.canceled;
    }

    set returnValue(value) {
      const slots = this.#slots;
      if (!value) {
        cancel(slots);
      }
    }

    preventDefault() {
      cancel(this.#slots);
    }

    get defaultPrevented() {
      return this.#slots.canceled;
    }

    get composed() {
      return this.#slots.composed;
    }

    get timeStamp() {
      return this.#slots.timeStamp;
    }

    initEvent(type, bubbles = false, cancelable = false) {
      const slots = this.#slots;
      requireArguments(1, arguments.length, "Failed to execute 'initEvent' on 'Event'");
      initialize(slots, `${type}`, !!bubbles, !!cancelable);
    }
  }

  const cancel = (slots) => {
    if (slots.cancelable && !slots.inPassiveListener) {
      slots.canceled = true;
    }
  };

  /** "Initialize an event"; false if it is being dispatched, when initEvent does nothing. */
  const initialize = (slots, type, bubbles, cancelable) => {
    if (slots.dispatching) {
      return false;
    }
    slots.propagationStopped = false;
    slots.immediatelyStopped = false;
    slots.canceled = false;
    slots.isTrusted = false;
    slots.target = null;
    slots.type = type;
    slots.bubbles = bubbles;
    slots.cancelable = cancelable;
    return true;
  };

  defineInterface(Event, { constants: { NONE, CAPTURING_PHASE, AT_TARGET, BUBBLING_PHASE } });

  // EventTarget

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

  // Event handler attributes

  const setHandler = (state, name, value) => {
    state.handlers ??= create(null);
    const known = state.handlers[name];
    if (value === null) {
      if (known !== undefined) {
        delete state.handlers[name];
        removeListener(state, known.listener);
      }
      return;
    }
    if (known !== undefined) {
      known.value = value;
      return;
    }
    const handler = { __proto__: null, value, listener: null };
    handler.listener = {
      __proto__: null,
      type: name,
      callback: (target, event, slots) => runHandler(handler.value, target, event, slots),
      capture: false,
      once: false,
      passive: false,
      handler: true,
      removed: false,
      forget: null,
    };
    state.handlers[name] = handler;
    insert(state, handler.listener);
    if (state.changed !== null) {
      state.changed();
    }
  };

  /** "The event handler processing algorithm". */
  const runHandler = (value, target, event, slots) => {
    if (typeof value !== 'function') {
      return;
    }
    const special = target === global && slots.type === 'error' && isErrorEvent(event);
    const args = special
      ? [event.message, event.filename, event.lineno, event.colno, event.error]
      : [event];
    const result = apply(value, target, args);
    if (result === special) {
      cancel(slots);
    }
  };

  /**
   * Defines onNAME attributes. `check` throws where `this` has not the brand of the interface; it
   * may be left out for interfaces that every EventTarget has.
   */
  weir.defineEventHandlers = (prototype, names, check = stateOf) => {
    for (let i = 0; i < names.length; i++) {
      const name = names[i];
      const key = `on${name}`;
      const accessors = {
        get [key]() {
          check(this);
          return stateOf(this).handlers?.[name]?.value ?? null;
        },
        set [key](value) {
          check(this);
          setHandler(stateOf(this), name, isObject(value) ? value : null);
        },
      };
      const descriptor = getOwnPropertyDescriptor(accessors, key);
      setPrototypeOf(descriptor, null);
      defineProperty(prototype, key, descriptor);
    }
  };

  // Subclasses of Event

  const subclassInit = (name, members) => dictionary(name, members, eventInit);

  const customEventInit = subclassInit('CustomEventInit', { detail: { type: any, default: null } });

  class CustomEvent extends Event {
    #detail;

    constructor(type, eventInitDict = undefined) {
      const converted = eventArguments('CustomEvent', customEventInit, arguments);
      super(token, converted.type, converted.init);
      this.#detail = converted.init.detail;
    }

    get detail() {
      return this.#detail;
    }

    initCustomEvent(type, bubbles = false, cancelable = false, detail = null) {
      void this.#detail;
      requireArguments(1, arguments.length, "Failed to execute 'initCustomEvent' on 'CustomEvent'");
      if (initialize(slotsOf(this), `${type}`, !!bubbles, !!cancelable)) {
        this.#detail = detail;
      }
    }
  }
  defineInterface(CustomEvent);

  const closeEventInit = subclassInit('CloseEventInit', {
    wasClean: { type: boolean, default: false },
    code: { type: idl.unsignedShort, default: 0 },
    reason: { type: USVString, default: '' },
  });

  class CloseEvent extends Event {
    #init;

    constructor(type, eventInitDict = undefined) {
      const converted = eventArguments('CloseEvent', closeEventInit, arguments);
      super(token, converted.type, converted.init);
      this.#init = converted.init;
    }

    get wasClean() {
      return this.#init.wasClean;
    }

    get code() {
      return this.#init.code;
    }

    get reason() {
      return this.#init.reason;
    }
  }
  defineInterface(CloseEvent);

  // There is no MessagePort, Window or ServiceWorker here: only null can be a source, and no port.
  const never = (name) => interfaceType(name, () => false);
  const messageSource = idl.nullable(never('MessageEventSource'));
  const messagePorts = sequence(never('MessagePort'));
  const noPorts = () => [];

  const messageEventInit = subclassInit('MessageEventInit', {
    data: { type: any, default: null },
    origin: { type: USVString, default: '' },
    lastEventId: { type: DOMString, default: '' },
    source: { type: messageSource, default: null },
    ports: { type: messagePorts, default: noPorts },
  });

  class MessageEvent extends Event {
    #init;

    constructor(type, eventInitDict = undefined) {
      const converted = eventArguments('MessageEvent', messageEventInit, arguments);
      super(token, converted.type, converted.init);
      this.#init = converted.init;
      idl.freeze(this.#init.ports);
    }

    get data() {
      return this.#init.data;
    }

    get origin() {
      return this.#init.origin;
    }

    get lastEventId() {
      return this.#init.lastEventId;
    }

    get source() {
      return this.#init.source;
    }

    get ports() {
      return this.#init.ports;
    }

    initMessageEvent(
      type,
      bubbles = false,
      cancelable = false,
      data = null,
      origin = '',
      lastEventId = '',
      source = null,
      ports = [],
    ) {
      void this.#init;
      const where = "Failed to execute 'initMessageEvent' on 'MessageEvent'";
      requireArguments(1, arguments.length, where);
      const name = `${type}`;
      const init = {
        __proto__: null,
        data,
        origin: USVString(origin),
        lastEventId: `${lastEventId}`,
        source: messageSource(source, `${where}: parameter 7`),
        ports: idl.freeze(messagePorts(ports, `${where}: parameter 8`)),
      };
      if (initialize(slotsOf(this), name, !!bubbles, !!cancelable)) {
        this.#init = init;
      }
    }
  }
  defineInterface(MessageEvent);

  const errorEventInit = subclassInit('ErrorEventInit', {
    message: { type: DOMString, default: '' },
    filename: { type: USVString, default: '' },
    lineno: { type: idl.unsignedLong, default: 0 },
    colno: { type: idl.unsignedLong, default: 0 },
    error: { type: any },
  });

  let isErrorEvent;

  class ErrorEvent extends Event {
    #init;

    static {
      isErrorEvent = (value) => #init in value;
    }

    constructor(type, eventInitDict = undefined) {
      const converted = eventArguments('ErrorEvent', errorEventInit, arguments);
      super(token, converted.type, converted.init);
      this.#init = converted.init;
    }

    get message() {
      return this.#init.message;
    }

    get filename() {
      return this.#init.filename;
    }

    get lineno() {
      return this.#init.lineno;
    }

    get colno() {
      return this.#init.colno;
    }

    get error() {
      return this.#init.error;
    }
  }
  defineInterface(ErrorEvent);

  const promiseRejectionEventInit = subclassInit('PromiseRejectionEventInit', {
    promise: { type: idl.object, required: true },
    reason: { type: any },
  });

  class PromiseRejectionEvent extends Event {
    #init;

    constructor(type, eventInitDict) {
      requireArguments(2, arguments.length, constructing('PromiseRejectionEvent'));
      const converted = eventArguments(
        'PromiseRejectionEvent',
        promiseRejectionEventInit,
        arguments,
      );
      super(token, converted.type, converted.init);
      this.#init = converted.init;
    }

    get promise() {
      return this.#init.promise;
    }

    get reason() {
      return this.#init.reason;
    }
  }
  defineInterface(PromiseRejectionEvent);

  // The global object is an EventTarget

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

  /** The same for a promise that was rejected with nobody listening. */
  weir.reportUnhandledRejection = (promise, reason) => {
    const init = { __proto__: null, promise, reason, cancelable: true };
    if (weir.fire(global, new PromiseRejectionEvent('unhandledrejection', init))) {
      host.reportRejection(reason);
    }
  };

  weir.Event = Event;
  weir.EventTarget = EventTarget;
  weir.CustomEvent = CustomEvent;
  weir.CloseEvent = CloseEvent;
  weir.MessageEvent = MessageEvent;
  weir.ErrorEvent = ErrorEvent;
  weir.PromiseRejectionEvent = PromiseRejectionEvent;
  weir.isEvent = isEvent;
  weir.isEventTarget = isEventTarget;
}
