// WebSocketError as a script constructs it.

test('S18', 'WebSocketError has the defaults "", null and ""', async () => {
  const error = new WebSocketError();
  equal([error.message, error.closeCode, error.reason], ['', null, '']);
});

test('S18', 'WebSocketError has its name and the code 0', async () => {
  const error = new WebSocketError('why');
  equal([error.name, error.code, error.message], ['WebSocketError', 0, 'why']);
});

test('S18', 'WebSocketError is a DOMException and an Error', async () => {
  const error = new WebSocketError();
  equal(
    [error instanceof WebSocketError, error instanceof DOMException, error instanceof Error],
    [true, true, true],
  );
});

test('S18', 'WebSocketError takes closeCode and reason', async () => {
  const error = new WebSocketError('m', { closeCode: 4000, reason: 'grüße' });
  equal([error.message, error.closeCode, error.reason], ['m', 4000, 'grüße']);
});

test('S18', 'a reason without a closeCode sets 1000', async () => {
  equal(new WebSocketError('', { reason: 'why' }).closeCode, 1000);
});

test('S18', 'an empty reason without a closeCode leaves null', async () => {
  const error = new WebSocketError('', { reason: '' });
  equal([error.closeCode, error.reason], [null, '']);
});

test('S18 C1', 'WebSocketError takes 1000 and 3000 to 4999', async () => {
  for (const closeCode of [1000, 3000, 3999, 4000, 4999]) {
    equal(new WebSocketError('', { closeCode }).closeCode, closeCode);
  }
});

test('S18 C1', 'another closeCode of a WebSocketError is an InvalidAccessError', async () => {
  for (const closeCode of [0, 999, 1001, 1002, 1005, 1006, 1011, 1015, 2999, 5000, 65535]) {
    throws(
      'InvalidAccessError',
      () => new WebSocketError('', { closeCode }),
      `closeCode ${closeCode}`,
    );
  }
});

test('S18', 'a closeCode that is no code at all is an InvalidAccessError', async () => {
  for (const closeCode of [-1, 65536, 66536, NaN, Infinity, 'x', {}]) {
    throws(
      'InvalidAccessError',
      () => new WebSocketError('', { closeCode }),
      `closeCode ${String(closeCode)}`,
    );
  }
});

test('S18', 'a closeCode is converted to a number', async () => {
  equal(new WebSocketError('', { closeCode: '3001' }).closeCode, 3001);
  equal(new WebSocketError('', { closeCode: { valueOf: () => 3002 } }).closeCode, 3002);
});

test('S18', 'a symbol or a bigint as closeCode is a TypeError', async () => {
  throws(TypeError, () => new WebSocketError('', { closeCode: Symbol('1000') }));
  throws(TypeError, () => new WebSocketError('', { closeCode: 1000n }));
});

test('S18', 'a closeCode that is undefined is none', async () => {
  equal(new WebSocketError('', { closeCode: undefined }).closeCode, null);
});

test('S18', 'null as closeCode is 0, and so an InvalidAccessError', async () => {
  throws('InvalidAccessError', () => new WebSocketError('', { closeCode: null }));
});

test('S18 C3', 'the reason of a WebSocketError is at most 123 bytes', async () => {
  equal(new WebSocketError('', { reason: 'ü'.repeat(61) + 'x' }).reason.length, 62);
  throws('SyntaxError', () => new WebSocketError('', { reason: 'x'.repeat(124) }));
  throws('SyntaxError', () => new WebSocketError('', { closeCode: 1000, reason: 'ü'.repeat(62) }));
});

test('S18', 'message and reason are converted to strings', async () => {
  const error = new WebSocketError(1, { reason: 2 });
  equal([error.message, error.reason], ['1', '2']);
  equal(new WebSocketError(null).message, 'null');
  equal(new WebSocketError('', { reason: '\uD800' }).reason, '\uFFFD');
  throws(TypeError, () => new WebSocketError(Symbol('m')));
});

test(
  'S18',
  'WebSocketError takes undefined and null for no dictionary, but no other primitive',
  async () => {
    equal(new WebSocketError('', undefined).closeCode, null);
    equal(new WebSocketError('', null).closeCode, null);
    throws(TypeError, () => new WebSocketError('', 1000));
    throws(TypeError, () => new WebSocketError('', 'why'));
  },
);

test('S18', 'WebSocketError needs new', async () => {
  throws(TypeError, () => WebSocketError());
});

test('S18', 'WebSocketError can be extended', async () => {
  class Mine extends WebSocketError {}
  const error = new Mine('m', { closeCode: 4000 });
  equal([error instanceof Mine, error.closeCode, error.name], [true, 4000, 'WebSocketError']);
});
