// Event (https://dom.spec.whatwg.org/#interface-event). There is no tree: the path of every event is
// its target alone.
(weir) => {
  'use strict';

  const { idl, host } = weir;
  const { boolean, defineInterface, dictionary, isObject, requireArguments, token } = idl;
  const { defineProperty, setPrototypeOf } = Reflect;

  const NONE = 0;
  const CAPTURING_PHASE = 1;
  const AT_TARGET = 2;
  const BUBBLING_PHASE = 3;

  const eventInit = dictionary('EventInit', {
    bubbles: { type: boolean, default: false },
    cancelable: { type: boolean, default: false },
    composed: { type: boolean, default: false },
  });

  /** Converts the two arguments of an event's constructor, for its super call. */
  const eventArguments = (name, convert, args) => {
    const where = `Failed to construct '${name}'`;
    requireArguments(1, args.length, where);
    const type = `${args[0]}`;
    return { __proto__: null, type, init: convert(args[1], `${where}: parameter 2`) };
  };

  // Set where the private fields are in sight; for the files that dispatch and extend events.
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

  weir.Event = Event;
  weir.isEvent = isEvent;
  weir.events = {
    __proto__: null,
    NONE,
    AT_TARGET,
    slotsOf,
    cancel,
    initialize,
    eventInit,
    eventArguments,
  };
}
