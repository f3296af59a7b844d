// WebSocket (https://websockets.spec.whatwg.org/#the-websocket-interface).
(weir) => {
  'use strict';

  const { host, idl } = weir;
  const { append, clampedUnsignedShort, defineInterface, isBufferSource, isObject } = idl;
  const { rangeOf, requireArguments, sequenceFrom, DOMString, USVString } = idl;
  const { getterOf } = idl;
  const bufferOf = getterOf(Object.getPrototypeOf(Uint8Array.prototype), 'buffer');
  const iteratorSymbol = Symbol.iterator;

  const CONNECTING = 0;
  const OPEN = 1;
  const CLOSING = 2;
  const CLOSED = 3;

  /** (DOMString or sequence<DOMString>) */
  const protocolsOf = (value, where) => {
    if (value === undefined) {
      return [];
    }
    if (isObject(value)) {
      const method = value[iteratorSymbol];
      if (method !== undefined && method !== null) {
        return sequenceFrom(value, method, DOMString, where);
      }
    }
    const one = [];
    append(one, DOMString(value));
    return one;
  };

  /** What the Java side tells, each an event that is fired in steps. */
  const eventsOf = (socket, state) => ({
    __proto__: null,
    open() {
      return weir.fireInSteps(socket, new weir.Event('open'));
    },
    message(data, isBinary) {
      const init = { __proto__: null, data, origin: state.connection.origin };
      if (isBinary) {
        const buffer = bufferOf(weir.receiveBytes(data));
        init.data = state.binaryType === 'blob' ? weir.blobFromBytes(buffer) : buffer;
      }
      return weir.fireInSteps(socket, new weir.MessageEvent('message', init));
    },
    error() {
      return weir.fireInSteps(socket, new weir.Event('error'));
    },
    close(code, reason, wasClean) {
      const init = { __proto__: null, code, reason, wasClean };
      return weir.fireInSteps(socket, new weir.CloseEvent('close', init));
    },
  });

  let stateOf;

  class WebSocket extends weir.EventTarget {
    #state;

    static {
      stateOf = (socket) => socket.#state;
    }

    constructor(url, protocols = undefined) {
      const where = "Failed to construct 'WebSocket'";
      requireArguments(1, arguments.length, where);
      const address = USVString(url);
      const wanted = protocolsOf(protocols, `${where}: parameter 2`);
      super();
      const state = { __proto__: null, binaryType: 'blob', connection: null };
      state.connection = host.openSocket(address, wanted, eventsOf(this, state));
      this.#state = state;
    }

    get url() {
      return this.#state.connection.url;
    }

    get readyState() {
      return this.#state.connection.readyState();
    }

    get bufferedAmount() {
      return this.#state.connection.bufferedAmount();
    }

    get extensions() {
      return this.#state.connection.extensions();
    }

    get protocol() {
      return this.#state.connection.protocol();
    }

    get binaryType() {
      return this.#state.binaryType;
    }

    set binaryType(value) {
      const state = this.#state;
      const type = `${value}`;
      // As for every enumeration, another value is no error.
      if (type === 'blob' || type === 'arraybuffer') {
        state.binaryType = type;
      }
    }

    close(code = undefined, reason = undefined) {
      const { connection } = this.#state;
      connection.close(
        code === undefined ? null : clampedUnsignedShort(code),
        reason === undefined ? '' : USVString(reason),
      );
    }

    send(data) {
      const { connection } = this.#state;
      const where = "Failed to execute 'send' on 'WebSocket'";
      requireArguments(1, arguments.length, where);
      if (isBufferSource(data)) {
        sendBytes(connection, rangeOf(idl.bufferSource(data, `${where}: parameter 1`)));
      } else if (weir.isBlob(data)) {
        sendBytes(connection, weir.bytesOf(data));
      } else {
        connection.sendText(USVString(data));
      }
    }
  }

  const sendBytes = (connection, { buffer, byteOffset, byteLength }) => {
    connection.sendBytes(buffer, byteOffset, byteLength);
  };

  weir.defineEventHandlers(WebSocket.prototype, ['open', 'error', 'close', 'message'], stateOf);
  defineInterface(WebSocket, { constants: { CONNECTING, OPEN, CLOSING, CLOSED } });
}
