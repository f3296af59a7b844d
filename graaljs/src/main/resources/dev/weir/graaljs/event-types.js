// The events of other standards, and CustomEvent: subclasses of Event.
(weir) => {
  'use strict';

  const { idl, Event } = weir;
  const { eventArguments, eventInit, initialize, slotsOf } = weir.events;
  const { any, boolean, defineInterface, dictionary, DOMString, interfaceType } = idl;
  const { requireArguments, sequence, token, USVString } = idl;

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
      requireArguments(2, arguments.length, "Failed to construct 'PromiseRejectionEvent'");
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

  weir.CustomEvent = CustomEvent;
  weir.CloseEvent = CloseEvent;
  weir.MessageEvent = MessageEvent;
  weir.ErrorEvent = ErrorEvent;
  weir.PromiseRejectionEvent = PromiseRejectionEvent;
  weir.isErrorEvent = isErrorEvent;
}
