// DOMException (https://webidl.spec.whatwg.org/#idl-DOMException).
(weir) => {
  'use strict';

  const { define, defineInterface, isObject, setPrototypeOf, uncurry } = weir.idl;
  const indexOf = uncurry(String.prototype.indexOf);
  const slice = uncurry(String.prototype.slice);
  const OriginalError = Error;

  const constants = {
    INDEX_SIZE_ERR: 1,
    DOMSTRING_SIZE_ERR: 2,
    HIERARCHY_REQUEST_ERR: 3,
    WRONG_DOCUMENT_ERR: 4,
    INVALID_CHARACTER_ERR: 5,
    NO_DATA_ALLOWED_ERR: 6,
    NO_MODIFICATION_ALLOWED_ERR: 7,
    NOT_FOUND_ERR: 8,
    NOT_SUPPORTED_ERR: 9,
    INUSE_ATTRIBUTE_ERR: 10,
    INVALID_STATE_ERR: 11,
    SYNTAX_ERR: 12,
    INVALID_MODIFICATION_ERR: 13,
    NAMESPACE_ERR: 14,
    INVALID_ACCESS_ERR: 15,
    VALIDATION_ERR: 16,
    TYPE_MISMATCH_ERR: 17,
    SECURITY_ERR: 18,
    NETWORK_ERR: 19,
    ABORT_ERR: 20,
    URL_MISMATCH_ERR: 21,
    QUOTA_EXCEEDED_ERR: 22,
    TIMEOUT_ERR: 23,
    INVALID_NODE_TYPE_ERR: 24,
    DATA_CLONE_ERR: 25,
  };

  /** The names that still have a code; 2, 6 and 16 belong to names that are gone. */
  const codes = {
    __proto__: null,
    IndexSizeError: 1,
    HierarchyRequestError: 3,
    WrongDocumentError: 4,
    InvalidCharacterError: 5,
    NoModificationAllowedError: 7,
    NotFoundError: 8,
    NotSupportedError: 9,
    InUseAttributeError: 10,
    InvalidStateError: 11,
    SyntaxError: 12,
    InvalidModificationError: 13,
    NamespaceError: 14,
    InvalidAccessError: 15,
    TypeMismatchError: 17,
    SecurityError: 18,
    NetworkError: 19,
    AbortError: 20,
    URLMismatchError: 21,
    QuotaExceededError: 22,
    TimeoutError: 23,
    InvalidNodeTypeError: 24,
    DataCloneError: 25,
  };

  /** A base class that makes `this` of what it is given, so that private fields go there. */
  const Given = function (object) {
    return object;
  };

  class Slots extends Given {
    #name;
    #message;

    constructor(error, name, message) {
      super(error);
      this.#name = name;
      this.#message = message;
    }

    static has(value) {
      return isObject(value) && #name in value;
    }

    static name(error) {
      return error.#name;
    }

    static message(error) {
      return error.#message;
    }
  }
  const { has, name: nameOf, message: messageOf } = Slots;

  class DOMException {
    constructor(message = '', name = 'Error') {
      const text = `${message}`;
      const kind = `${name}`;
      // A real error, so that engines and tools see one; its stack begins as those of errors do.
      const error = new OriginalError();
      const stack = error.stack;
      const prototype = new.target.prototype;
      setPrototypeOf(error, isObject(prototype) ? prototype : DOMException.prototype);
      new Slots(error, kind, text);
      if (typeof stack === 'string') {
        const frames = indexOf(stack, '\n');
        const head = text === '' ? kind : `${kind}: ${text}`;
        define(error, 'stack', frames < 0 ? head : head + slice(stack, frames), true, false, true);
      }
      return error;
    }

    get name() {
      return nameOf(this);
    }

    get message() {
      return messageOf(this);
    }

    get code() {
      return codes[nameOf(this)] ?? 0;
    }
  }
  setPrototypeOf(DOMException.prototype, OriginalError.prototype);
  defineInterface(DOMException, { constants });

  weir.DOMException = DOMException;
  weir.isDOMException = has;
  weir.createDOMException = (message, name) => new DOMException(message, name);
}
