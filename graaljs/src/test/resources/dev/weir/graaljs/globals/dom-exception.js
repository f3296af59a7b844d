// DOMException.

check('has defaults', () => {
  const e = new DOMException();
  return [e.name, e.message, e.code];
}, ['Error', '', 0]);
check('takes message and name', () => {
  const e = new DOMException('why', 'SyntaxError');
  return [e.name, e.message, e.code, String(e)];
}, ['SyntaxError', 'why', 12, 'SyntaxError: why']);
check('takes undefined as not given, null as text', () => {
  const e = new DOMException(undefined, null);
  return [e.name, e.message];
}, ['null', '']);
check('converts to strings', () => new DOMException(Symbol('x')), throws('TypeError'));
check('is an Error', () => {
  const e = new DOMException('a', 'AbortError');
  return [e instanceof Error, e instanceof DOMException, e.constructor === DOMException];
}, [true, true, true]);
check('has a stack that begins with name and message', () => {
  const thrower = () => {
    throw new DOMException('why', 'AbortError');
  };
  try {
    thrower();
  } catch (e) {
    return [e.stack.split('\n')[0], e.stack.includes('thrower')];
  }
}, ['AbortError: why', true]);
check('has no own name, message or code', () => {
  const e = new DOMException('a', 'AbortError');
  return ['name', 'message', 'code'].filter((key) => Object.hasOwn(e, key));
}, []);
check('can be extended', () => {
  class Mine extends DOMException {
    #own = 5;
    constructor() {
      super('m', 'MineError');
    }
    get own() {
      return this.#own;
    }
  }
  const e = new Mine();
  return [e.own, e.name, e.code, e instanceof Mine, e instanceof DOMException];
}, [5, 'MineError', 0, true, true]);
check('survives a new target without prototype', () => {
  const target = function () {};
  target.prototype = 1;
  return Reflect.construct(DOMException, ['a', 'b'], target) instanceof DOMException;
}, true);

for (const [name, constant, code] of [
  ['IndexSizeError', 'INDEX_SIZE_ERR', 1],
  ['DOMStringSizeError', 'DOMSTRING_SIZE_ERR', 2],
  ['HierarchyRequestError', 'HIERARCHY_REQUEST_ERR', 3],
  ['WrongDocumentError', 'WRONG_DOCUMENT_ERR', 4],
  ['InvalidCharacterError', 'INVALID_CHARACTER_ERR', 5],
  ['NoDataAllowedError', 'NO_DATA_ALLOWED_ERR', 6],
  ['NoModificationAllowedError', 'NO_MODIFICATION_ALLOWED_ERR', 7],
  ['NotFoundError', 'NOT_FOUND_ERR', 8],
  ['NotSupportedError', 'NOT_SUPPORTED_ERR', 9],
  ['InUseAttributeError', 'INUSE_ATTRIBUTE_ERR', 10],
  ['InvalidStateError', 'INVALID_STATE_ERR', 11],
  ['SyntaxError', 'SYNTAX_ERR', 12],
  ['InvalidModificationError', 'INVALID_MODIFICATION_ERR', 13],
  ['NamespaceError', 'NAMESPACE_ERR', 14],
  ['InvalidAccessError', 'INVALID_ACCESS_ERR', 15],
  ['ValidationError', 'VALIDATION_ERR', 16],
  ['TypeMismatchError', 'TYPE_MISMATCH_ERR', 17],
  ['SecurityError', 'SECURITY_ERR', 18],
  ['NetworkError', 'NETWORK_ERR', 19],
  ['AbortError', 'ABORT_ERR', 20],
  ['URLMismatchError', 'URL_MISMATCH_ERR', 21],
  ['QuotaExceededError', 'QUOTA_EXCEEDED_ERR', 22],
  ['TimeoutError', 'TIMEOUT_ERR', 23],
  ['InvalidNodeTypeError', 'INVALID_NODE_TYPE_ERR', 24],
  ['DataCloneError', 'DATA_CLONE_ERR', 25],
]) {
  const retired = [2, 6, 16].includes(code);
  check(`${constant} is ${code}`, () => {
    const d = Object.getOwnPropertyDescriptor(DOMException, constant);
    return [
      d.value,
      DOMException.prototype[constant],
      d.writable,
      d.enumerable,
      d.configurable,
      new DOMException('', name).code,
    ];
  }, [code, code, false, true, false, retired ? 0 : code]);
}
for (const name of ['WebSocketError', 'EncodingError', 'NotAllowedError', 'toString', '__proto__']) {
  check(`${name} has no code`, () => new DOMException('', name).code, 0);
}
