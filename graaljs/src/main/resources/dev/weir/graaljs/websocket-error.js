// WebSocketError, and what closes a WebSocketStream with it
// (https://github.com/whatwg/websockets/pull/48).
(weir) => {
  'use strict';

  const { host, idl } = weir;
  const { clampedUnsignedShort, defineInterface, dictionary, isObject, token, DOMString, USVString } = idl;

  const closeInfo = dictionary('WebSocketCloseInfo', {
    closeCode: { type: clampedUnsignedShort },
    reason: { type: USVString, default: '' },
  });

  let isWebSocketError;

  class WebSocketError extends weir.DOMException {
    #closeCode;
    #reason;

    static {
      isWebSocketError = (value) => isObject(value) && #closeCode in value;
    }

    constructor(message = '', init = undefined) {
      if (message === token) {
        // How a connection ended: [token, message, closeCode, reason].
        super(arguments[1], 'WebSocketError');
        this.#closeCode = arguments[2];
        this.#reason = arguments[3];
        return;
      }
      const where = "Failed to construct 'WebSocketError'";
      const text = DOMString(message);
      const { closeCode = null, reason } = closeInfo(init, `${where}: parameter 2`);
      host.checkClose(closeCode, reason);
      super(text, 'WebSocketError');
      this.#closeCode = closeCode === null && reason !== '' ? 1000 : closeCode;
      this.#reason = reason;
    }

    get closeCode() {
      return this.#closeCode;
    }

    get reason() {
      return this.#reason;
    }
  }
  defineInterface(WebSocketError);

  const codeOf = idl.getterOf(WebSocketError.prototype, 'closeCode');
  const reasonOf = idl.getterOf(WebSocketError.prototype, 'reason');
  const mayBeSent = (code) => code === 1000 || (code >= 3000 && code <= 4999);

  weir.closeInfo = closeInfo;
  weir.createWebSocketError = (message, closeCode, reason) =>
    new WebSocketError(token, message, closeCode, reason);

  /**
   * [closeCode or null, reason] of the Close that a reason of cancel() or abort() asks for. An error
   * that says how another connection ended, as a pipe hands it on, may have a code that must not be
   * sent: then none is.
   */
  weir.closeArgumentsOf = (reason) =>
    isWebSocketError(reason) && mayBeSent(codeOf(reason))
      ? [codeOf(reason), reasonOf(reason)]
      : [null, ''];
}
