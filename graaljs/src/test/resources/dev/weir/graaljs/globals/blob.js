// Blob and File.

const text = (...args) => new Blob(...args).text();

check('a blob is empty by default', async () => {
  const blob = new Blob();
  return [blob.size, blob.type, await blob.text()];
}, [0, '', '']);
check('joins its parts', () => text(['a', new Uint8Array([98]), new Uint8Array([1, 99, 1]).subarray(1, 2), new Uint8Array([100]).buffer, new DataView(new ArrayBuffer(0)), new Blob(['e']), 1, null]), 'abcde1null');
check('replaces lone surrogates', () => text(['\ud800']), '\ufffd');
check('takes any iterable', () => text(new Set(['a', 'b'])), 'ab');
check('takes a list in a String object', () => text(new String('xyz')), 'xyz');
for (const parts of [null, 1, 'abc', true, {}]) {
  check(`refuses ${show(parts)} as parts`, () => new Blob(parts), throws('TypeError'));
}
check('refuses other options', () => new Blob([], 1), throws('TypeError'));
check('copies its parts', async () => {
  const part = new Uint8Array([97]);
  const blob = new Blob([part]);
  part[0] = 98;
  return blob.text();
}, 'a');
for (const [type, expected] of [['text/PLAIN', 'text/plain'], ['a\u007f', ''], ['a\u00e9', ''], ['a\tb', ''], [null, 'null'], [undefined, '']]) {
  check(`takes ${show(type)} as type`, () => new Blob([], { type }).type, expected);
}
check('keeps or changes line endings', async () => [await text(['a\r\nb\rc\nd']), await text(['a\r\nb\rc\nd\r'], { endings: 'native' }), await text(['a\r', '\nb'], { endings: 'native' })], ['a\r\nb\rc\nd', 'a\nb\nc\nd\n', 'a\n\nb']);
check('refuses other endings', () => new Blob([], { endings: 'x' }), throws('TypeError'));
check('has bytes and buffers of its own', async () => {
  const blob = new Blob(['abc']);
  const first = await blob.bytes();
  first[0] = 0;
  return [await blob.bytes(), await blob.arrayBuffer()];
}, [new Uint8Array([97, 98, 99]), new Uint8Array([97, 98, 99]).buffer]);
for (const [args, expected] of [
  [[], 'abcdef'], [[2], 'cdef'], [[2, 4], 'cd'], [[-2], 'ef'], [[-3, -1], 'de'], [[4, 2], ''], [[0, 100], 'abcdef'],
  [[-100, 1], 'a'], [[undefined, 2], 'ab'], [[null, null], ''], [['1', '3'], 'bc'], [[NaN, Infinity], 'abcdef'], [[1.5, 2.5], ''], [[0.5, 1.5], 'ab'],
]) {
  check(`slice(${args.map(String).join(', ')}) is "${expected}"`, () => new Blob(['abcdef']).slice(...args).text(), expected);
}
check('slices have a type of their own', async () => {
  const slice = new Blob(['abcdef'], { type: 'a/b' }).slice(1, 5, 'C/D').slice(1, 3);
  return [slice.type, slice.size, new Blob([], { type: 'a/b' }).slice(0, 0, 'C/D').type, await slice.text()];
}, ['', 2, 'c/d', 'cd']);
check('text leaves a byte order mark out', () => text(['\ufeffa']), 'a');
check('text replaces malformed bytes', () => text([new Uint8Array([0xff])]), '\ufffd');
check('can be streamed', async () => {
  const seen = [];
  for await (const chunk of new Blob(['a'.repeat(100_000), 'b']).stream()) {
    seen.push(...chunk.subarray(-1));
  }
  const empty = await new Blob().stream().getReader().read();
  return [seen.at(-1), empty.done];
}, [98, true]);
check('can be streamed into buffers of the reader', async () => {
  const reader = new Blob(['abc']).stream().getReader({ mode: 'byob' });
  const first = await reader.read(new Uint8Array(2));
  const second = await reader.read(new Uint8Array(2));
  const third = await reader.read(new Uint8Array(2));
  return [first.value, second.value, third.done];
}, [new Uint8Array([97, 98]), new Uint8Array([99]), true]);

check('a file is a blob with a name', async () => {
  const file = new File(['a', 'b'], 'x/y.txt', { type: 'text/plain', lastModified: 5 });
  return [file.name, file.lastModified, file.type, file.size, await file.text(), file instanceof Blob, Object.prototype.toString.call(file.slice())];
}, ['x/y.txt', 5, 'text/plain', 2, 'ab', true, '[object Blob]']);
check('a file was modified now', () => Math.abs(new File([], '').lastModified - Date.now()) < 60_000, true);
for (const [given, expected] of [[-1.5, -1], ['7', 7], [NaN, 0], [new Date(9), 9], [null, 0]]) {
  check(`a file may be modified at ${show(given)}`, () => new File([], '', { lastModified: given }).lastModified, expected);
}
check('a file wants a name', () => new File([]), throws('TypeError'));
