// Event handler attributes (https://html.spec.whatwg.org/#event-handlers).
(weir) => {
  'use strict';

  const { global } = weir;
  const { apply, create, isObject } = weir.idl;
  const { cancel } = weir.events;
  const { stateOf, insert, removeListener } = weir.targets;
  const { defineProperty, getOwnPropertyDescriptor, setPrototypeOf } = Reflect;

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
    const special = target === global && slots.type === 'error' && weir.isErrorEvent(event);
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
}
