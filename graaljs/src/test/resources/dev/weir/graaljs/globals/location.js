// self, location, performance, base64 and random values.

check('self is the global object', () => self === globalThis, true);
check('location is read-only', () => {
  const before = location;
  try {
    (0, eval)("location = 'https://elsewhere.example/'");
  } catch {
    // Strict code may throw.
  }
  return location === before;
}, true);
check('location has the parts of a URL', () => [String(location) === location.href, location.href.startsWith(location.origin), location.origin === origin, location.href.startsWith(location.protocol)], [true, true, true, true]);
check('relative URLs have location as base', () => new URL('x', location).href === new URL('x', location.href).href, true);

check('performance.now does not go back, and timeOrigin is when it was 0', () => {
  const first = performance.now();
  const second = performance.now();
  const drift = performance.timeOrigin + performance.now() - Date.now();
  return [typeof first, first >= 0, second >= first, Math.abs(drift) < 60_000, performance instanceof EventTarget, typeof performance.toJSON().timeOrigin];
}, ['number', true, true, true, true, 'number']);

for (const [data, expected] of [['', ''], ['YQ==', 'a'], ['YQ', 'a'], ['YR', 'a'], [' Y\tQ\n=\f=\r', 'a'], ['YWI=', 'ab'], ['YWJj', 'abc'], ['/+8=', '\xff\xef'], [null, '\x9eée'], ['12', '\xd7']]) {
  check(`atob(${show(data)})`, () => atob(data), expected);
}
for (const data of ['Y', 'YQ=', 'YQ===', 'Y=Q=', '=', '====', 'YQ-_', 'YQ==YQ==', 'é', 'Y\u00a0Q', undefined]) {
  check(`atob(${show(data)}) fails`, () => atob(data), throws('DOMException InvalidCharacterError'));
}
for (const [data, expected] of [['', ''], ['a', 'YQ=='], ['\xff\x00', '/wA='], [null, 'bnVsbA=='], [undefined, 'dW5kZWZpbmVk']]) {
  check(`btoa(${show(data)})`, () => btoa(data), expected);
}
check('btoa refuses more than a byte', () => btoa('€'), throws('DOMException InvalidCharacterError'));
check('atob wants an argument', () => atob(), throws('TypeError'));

check('crypto fills arrays of integers', () => {
  const array = new Uint8Array(4096);
  const same = crypto.getRandomValues(array) === array;
  const part = new Uint32Array(8);
  crypto.getRandomValues(part.subarray(2, 4));
  return [same, new Set(array).size > 200, part[0], part[7], crypto.getRandomValues(new BigInt64Array(0)).length];
}, [true, true, 0, 0, 0]);
check('crypto refuses other arrays', () => [() => new Float32Array(1), () => new DataView(new ArrayBuffer(1))].map((make) => {
  try {
    crypto.getRandomValues(make());
  } catch (e) {
    return e.name;
  }
}), ['TypeMismatchError', 'TypeMismatchError']);
check('crypto refuses too much', () => {
  try {
    crypto.getRandomValues(new Uint8Array(65_537));
  } catch (e) {
    return e.name;
  }
}, 'QuotaExceededError');
check('crypto refuses what is no array', () => crypto.getRandomValues([1]), throws('TypeError'));
check('crypto makes UUIDs', () => {
  const [a, b] = [crypto.randomUUID(), crypto.randomUUID()];
  return [/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(a), a === b];
}, [true, false]);
