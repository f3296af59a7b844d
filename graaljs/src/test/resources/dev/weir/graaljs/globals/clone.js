// structuredClone.

const clone = structuredClone;

for (const value of [undefined, null, true, 1, -0, NaN, 'a\ud800', 10n]) {
  check(`clones ${show(value)}`, () => clone(value), value);
}
check('clones objects and arrays in depth', () => {
  const value = { a: [1, { b: 2 }], c: undefined };
  const copy = clone(value);
  return [copy, copy === value, copy.a === value.a, Object.getPrototypeOf(copy) === Object.prototype, Array.isArray(copy.a)];
}, [{ a: [1, { b: 2 }], c: undefined }, false, false, true, true]);
check('keeps what is one, and cycles', () => {
  const one = {};
  const value = { x: one, y: one };
  value.self = value;
  const copy = clone(value);
  return [copy.x === copy.y, copy.self === copy, copy.x === one];
}, [true, true, false]);
check('keeps holes and other properties of arrays', () => {
  const value = [1, , 3];
  value.x = 4;
  const copy = clone(value);
  return [copy.length, 1 in copy, copy.x];
}, [3, false, 4]);
check('leaves out symbols, prototypes, and what is not enumerable; reads getters', () => {
  class Mine {
    a = 1;
    get b() {
      return 2;
    }
  }
  const value = Object.assign(new Mine(), { [Symbol('s')]: 1 });
  Object.defineProperty(value, 'hidden', { value: 1 });
  Object.defineProperty(value, 'c', { get: () => 3, enumerable: true });
  const copy = clone(value);
  return [copy, Reflect.ownKeys(copy).length, copy instanceof Mine];
}, [{ a: 1, c: 3 }, 2, false]);
check('clones wrappers', () => [new Boolean(false), new Number(5), new String('s'), Object(1n)].map((one) => {
  const copy = clone(one);
  return [typeof copy, copy !== one, show(copy.valueOf())];
}), [['object', true, 'false'], ['object', true, '5'], ['object', true, '"s"'], ['object', true, '1n']]);
check('clones dates', () => {
  const copy = clone(new Date(5));
  return [copy instanceof Date, copy.getTime(), Number.isNaN(clone(new Date(NaN)).getTime())];
}, [true, 5, true]);
check('clones regular expressions', () => {
  const value = /a+/gi;
  value.lastIndex = 3;
  const copy = clone(value);
  return [copy instanceof RegExp, String(copy), copy.lastIndex];
}, [true, '/a+/gi', 0]);
check('clones maps and sets', () => {
  const key = {};
  const value = new Map([[key, new Set([1, key])]]);
  const copy = clone(value);
  const [[k, v]] = [...copy];
  return [copy instanceof Map, v instanceof Set, v.has(1), v.has(k), k === key];
}, [true, true, true, true, false]);
check('clones buffers and views', () => {
  const buffer = new Uint8Array([1, 2, 3, 4]).buffer;
  const value = { buffer, part: new Uint8Array(buffer, 1, 2), view: new DataView(buffer, 2), wide: new Int16Array(buffer, 2, 1) };
  const copy = clone(value);
  new Uint8Array(buffer).fill(0);
  return [copy.buffer, copy.part, copy.part.buffer === copy.buffer, copy.view.byteOffset, copy.view.getUint8(0), copy.wide.length, copy.wide.constructor.name];
}, [new Uint8Array([1, 2, 3, 4]).buffer, new Uint8Array([2, 3]), true, 2, 3, 1, 'Int16Array']);
check('clones errors', () => {
  const value = new RangeError('m', { cause: { why: 1 } });
  value.extra = 1;
  const copy = clone(value);
  return [copy, copy.message, copy.name, copy.cause, copy.extra, copy.stack === value.stack];
}, [new RangeError(), 'm', 'RangeError', { why: 1 }, undefined, true]);
check('clones errors of other names as Error', () => {
  class Mine extends TypeError {
    name = 'Mine';
  }
  const copy = clone(new Mine('m'));
  return [Object.getPrototypeOf(copy) === Error.prototype, copy.name, Object.hasOwn(clone(new Error()), 'message')];
}, [true, 'Error', false]);
check('clones DOMException', () => {
  const copy = clone(new DOMException('m', 'AbortError'));
  return [copy instanceof DOMException, copy.name, copy.message, copy.code];
}, [true, 'AbortError', 'm', 20]);
check('clones blobs and files', async () => {
  const copy = clone(new Blob(['abc'], { type: 'a/b' }).slice(1, 3, 'c/d'));
  const file = clone(new File(['x'], 'name', { lastModified: 7 }));
  return [copy.type, await copy.text(), file.name, file.lastModified, file instanceof File];
}, ['c/d', 'bc', 'name', 7, true]);

for (const [name, value] of [
  ['a function', () => {}], ['a symbol', Symbol('x')], ['a wrapped symbol', Object(Symbol('x'))], ['a function inside', { a: [() => {}] }],
  ['a promise', Promise.resolve()], ['a WeakMap', new WeakMap()], ['a WeakSet', new WeakSet()], ['a WeakRef', new WeakRef({})],
  ['an event', new Event('x')], ['an AbortSignal', new AbortController().signal], ['a URL', new URL('a:b')], ['the global object', globalThis],
]) {
  check(`refuses ${name}`, () => clone(value), throws('DOMException DataCloneError'));
}
check('hands on what a getter throws', () => clone({ get a() { throw new RangeError(); } }), throws('RangeError'));
check('wants an argument', () => clone(), throws('TypeError'));
check('refuses other options', () => clone(1, 1), throws('TypeError'));
check('transfers buffers', () => {
  const buffer = new Uint8Array([1, 2]).buffer;
  const copy = clone({ buffer, view: new Uint8Array(buffer, 1) }, { transfer: [buffer] });
  return [copy.buffer, copy.view, copy.view.buffer === copy.buffer, buffer.byteLength];
}, [new Uint8Array([1, 2]).buffer, new Uint8Array([2]), true, 0]);
check('transfers nothing when it cannot clone', () => {
  const buffer = new ArrayBuffer(2);
  try {
    clone([buffer, () => {}], { transfer: [buffer] });
  } catch (e) {
    return [e.name, buffer.byteLength];
  }
}, ['DataCloneError', 2]);
for (const [name, transfer] of [['no buffer', () => [{}]], ['a buffer twice', () => { const b = new ArrayBuffer(1); return [b, b]; }], ['a buffer that is gone', () => { const b = new ArrayBuffer(1); clone(b, { transfer: [b] }); return [b]; }]]) {
  check(`refuses to transfer ${name}`, () => clone(1, { transfer: transfer() }), throws('DOMException DataCloneError'));
}
check('refuses to clone a buffer that is gone', () => {
  const b = new ArrayBuffer(1);
  clone(b, { transfer: [b] });
  clone(b);
}, throws('DOMException DataCloneError'));
