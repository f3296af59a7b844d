// TextEncoder and TextDecoder.

const bytes = (...values) => new Uint8Array(values);
const decode = (values, label, options) => new TextDecoder(label, options).decode(new Uint8Array(values));

check('encodes UTF-8', () => new TextEncoder().encode('aé€😀'), bytes(0x61, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80));
check('encodes nothing', () => [new TextEncoder().encode(), new TextEncoder().encode(undefined), new TextEncoder().encode('')], [bytes(), bytes(), bytes()]);
check('encodes what is no string', () => new TextEncoder().encode(null), bytes(110, 117, 108, 108));
check('encodes lone surrogates as U+FFFD', () => new TextEncoder().encode('\ud83d!'), bytes(0xef, 0xbf, 0xbd, 0x21));
check('has an encoding', () => new TextEncoder().encoding, 'utf-8');
check('encodes much', () => {
  const encoded = new TextEncoder().encode('weir€'.repeat(10_001));
  return [encoded.length, encoded[70_006], encoded.at(-1)];
}, [70_007, 0xac, 0xac]);
check('gives a buffer of just the bytes', () => new TextEncoder().encode('abc').buffer.byteLength, 3);

const into = (source, size, offset = 0) => {
  const buffer = new Uint8Array(size + offset);
  const result = new TextEncoder().encodeInto(source, buffer.subarray(offset));
  return [result.read, result.written, buffer];
};
check('encodes into an array', () => into('aé', 4), [2, 3, bytes(0x61, 0xc3, 0xa9, 0)]);
check('encodes into a part of an array', () => into('a', 1, 2), [1, 1, bytes(0, 0, 0x61)]);
check('encodes no part of a character', () => into('a€', 3), [1, 1, bytes(0x61, 0, 0)]);
check('counts a surrogate pair as two', () => into('😀a', 5), [3, 5, bytes(0xf0, 0x9f, 0x98, 0x80, 0x61)]);
check('encodes into nothing', () => into('a', 0), [0, 0, bytes()]);
check('encodes a long text into a short array', () => into('a'.repeat(100_000), 2), [2, 2, bytes(0x61, 0x61)]);
for (const [name, destination] of [['ArrayBuffer', new ArrayBuffer(1)], ['Uint8ClampedArray', new Uint8ClampedArray(1)], ['DataView', new DataView(new ArrayBuffer(1))], ['undefined', undefined]]) {
  check(`refuses to encode into ${name}`, () => new TextEncoder().encodeInto('', destination), throws('TypeError'));
}

for (const [label, name] of [
  ['utf-8', 'utf-8'], ['UTF8', 'utf-8'], [' \t\n\f\rutf-8 ', 'utf-8'], ['unicode-1-1-utf-8', 'utf-8'],
  ['utf-16', 'utf-16le'], ['utf-16le', 'utf-16le'], ['ucs-2', 'utf-16le'], ['utf-16be', 'utf-16be'],
  ['latin1', 'windows-1252'], ['ascii', 'windows-1252'], ['ISO-8859-1', 'windows-1252'], ['us-ascii', 'windows-1252'], [undefined, 'utf-8'],
]) {
  check(`${JSON.stringify(label)} is a label of ${name}`, () => new TextDecoder(label).encoding, name);
}
for (const label of ['', 'utf', 'utf-7', 'utf-8\u00a0', '\u000butf-8', 'utf-8\0', null, 'replacement', 'utf-32']) {
  check(`${JSON.stringify(label)} is no label`, () => new TextDecoder(label), throws('RangeError'));
}
check('TextDecoder has options', () => {
  const [a, b] = [new TextDecoder(), new TextDecoder('utf-8', { fatal: 1, ignoreBOM: 'x' })];
  return [a.fatal, a.ignoreBOM, b.fatal, b.ignoreBOM];
}, [false, false, true, true]);
check('TextDecoder refuses other options', () => new TextDecoder('utf-8', 1), throws('TypeError'));

check('decodes nothing', () => [new TextDecoder().decode(), new TextDecoder().decode(undefined)], ['', '']);
for (const input of [null, 'a', {}, [1], 1]) {
  check(`refuses to decode ${show(input)}`, () => new TextDecoder().decode(input), throws('TypeError'));
}
check('decodes views and buffers', () => {
  const { buffer } = bytes(0x61, 0x62, 0x63, 0x64);
  return [buffer, new Uint8Array(buffer, 1, 2), new DataView(buffer, 3), new Uint16Array(buffer, 2)].map((one) => new TextDecoder().decode(one));
}, ['abcd', 'bc', 'd', 'cd']);

for (const [name, input, expected] of [
  ['text', [0x61, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80], 'aé€😀'],
  ['a lone continuation', [0x80, 0x61], '\ufffda'],
  ['an overlong form', [0xc0, 0xaf], '\ufffd\ufffd'],
  ['an overlong form of three', [0xe0, 0x80, 0xaf], '\ufffd\ufffd\ufffd'],
  ['a surrogate', [0xed, 0xa0, 0x80], '\ufffd\ufffd\ufffd'],
  ['more than U+10FFFF', [0xf4, 0x90, 0x80, 0x80], '\ufffd\ufffd\ufffd\ufffd'],
  ['bytes that never occur', [0xf8, 0xff, 0x61], '\ufffd\ufffda'],
  ['two of three', [0xe2, 0x82], '\ufffd'],
  ['two of three and text', [0xe2, 0x82, 0x61], '\ufffda'],
  ['three of four', [0xf0, 0x9f, 0x98], '\ufffd'],
  ['a bad second of four', [0xf0, 0x80, 0x61], '\ufffd\ufffda'],
  ['a bad second of four at the end', [0xf0, 0x80], '\ufffd\ufffd'],
  ['one of two and one of two', [0xc3, 0xc3, 0xa9], '\ufffdé'],
]) {
  check(`decodes ${name}`, () => decode(input), expected);
  check(`decodes ${name} byte by byte`, () => {
    const decoder = new TextDecoder();
    return input.map((byte) => decoder.decode(bytes(byte), { stream: true })).join('') + decoder.decode();
  }, expected);
  if (expected.includes('\ufffd')) {
    check(`fails with ${name}`, () => decode(input, 'utf-8', { fatal: true }), throws('TypeError'));
    check(`fails with ${name} byte by byte`, () => {
      const decoder = new TextDecoder('utf-8', { fatal: true });
      input.forEach((byte) => decoder.decode(bytes(byte), { stream: true }));
      decoder.decode();
    }, throws('TypeError'));
  } else {
    check(`decodes ${name} also where malformed bytes are fatal`, () => decode(input, 'utf-8', { fatal: true }), expected);
  }
}

const bom = [0xef, 0xbb, 0xbf];
check('leaves a byte order mark out', () => decode([...bom, 0x61]), 'a');
check('leaves only one byte order mark out', () => decode([...bom, ...bom]), '\ufeff');
check('keeps a byte order mark further on', () => decode([0x61, ...bom]), 'a\ufeff');
check('keeps a byte order mark where it is told to', () => decode([...bom, 0x61], 'utf-8', { ignoreBOM: true }), '\ufeffa');
check('leaves a byte order mark out in pieces, for each stream', () => {
  const decoder = new TextDecoder();
  const once = () => [0xef, 0xbb, 0xbf, 0x61].map((byte) => decoder.decode(bytes(byte), { stream: true })).join('') + decoder.decode(bytes(...bom));
  return [once(), once()];
}, ['a\ufeff', 'a\ufeff']);
check('begins anew after a stream', () => {
  const decoder = new TextDecoder();
  return [decoder.decode(bytes(0xe2, 0x82), { stream: true }), decoder.decode(bytes(0xac)), decoder.decode(bytes(0xac))];
}, ['', '€', '\ufffd']);
check('decodes after a failure', () => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    decoder.decode(bytes(0xff));
  } catch {
    return decoder.decode(bytes(0x61));
  }
}, 'a');

check('decodes UTF-16', () => [decode([0x61, 0, 0x3d, 0xd8, 0, 0xde], 'utf-16le'), decode([0, 0x61, 0xd8, 0x3d, 0xde, 0], 'utf-16be')], ['a😀', 'a😀']);
check('decodes malformed UTF-16', () => [
  decode([0x3d, 0xd8, 0x61, 0], 'utf-16le'), decode([0, 0xde, 0x61, 0], 'utf-16le'), decode([0x61, 0, 0x61], 'utf-16le'),
  decode([0x3d, 0xd8], 'utf-16le'), decode([0x3d, 0xd8, 0x61], 'utf-16le'), decode([0x3d, 0xd8, 0x3d, 0xd8, 0, 0xde], 'utf-16le'),
], ['\ufffda', '\ufffda', 'a\ufffd', '\ufffd', '\ufffd', '\ufffd😀']);
check('decodes UTF-16 byte by byte', () => {
  const decoder = new TextDecoder('utf-16le');
  return [0xff, 0xfe, 0x61, 0, 0x3d, 0xd8, 0, 0xde, 0x3d, 0xd8].map((byte) => decoder.decode(bytes(byte), { stream: true })).join('|') + decoder.decode();
}, '|||a||||😀||\ufffd');
check('fails with malformed UTF-16', () => decode([0, 0xde], 'utf-16le', { fatal: true }), throws('TypeError'));
check('leaves the byte order mark of UTF-16 out', () => [decode([0xff, 0xfe, 0x61, 0], 'utf-16le'), decode([0xfe, 0xff, 0, 0x61], 'utf-16be')], ['a', 'a']);
check('decodes windows-1252', () => decode([0x61, 0x80, 0x81, 0x9f, 0xa0, 0xff], 'latin1'), 'a€\u0081Ÿ\u00a0ÿ');
check('decodes bytes as browsers do', () => {
  // A linear congruential generator: the same bytes everywhere, many of them malformed.
  let state = 12345;
  const next = () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state >>> 16;
  };
  const some = [0x61, 0x80, 0xbf, 0xc2, 0xe0, 0xe1, 0xed, 0xef, 0xf0, 0xf1, 0xf4, 0x9f, 0xa0, 0x90, 0x8f, 0xff];
  let hash = 0;
  const decoder = new TextDecoder();
  for (let i = 0; i < 200; i++) {
    const input = Uint8Array.from({ length: 20 }, () => some[next() % some.length]);
    const text = decoder.decode(input, { stream: i % 3 !== 0 });
    for (let j = 0; j < text.length; j++) {
      hash = (hash * 31 + text.charCodeAt(j)) % 1000003;
    }
  }
  return hash;
}, 782285);

const through = async (stream, chunks) => {
  const writer = stream.writable.getWriter();
  const written = (async () => {
    for (const chunk of chunks) {
      await writer.write(chunk);
    }
    await writer.close();
  })();
  written.catch(() => {});
  const seen = [];
  for await (const chunk of stream.readable) {
    seen.push(chunk);
  }
  await written;
  return seen;
};
check('TextEncoderStream encodes each chunk', () => through(new TextEncoderStream(), ['aé', '', 1, null]), [bytes(0x61, 0xc3, 0xa9), bytes(0x31), bytes(110, 117, 108, 108)]);
check('TextEncoderStream joins what two chunks have of a character', () => through(new TextEncoderStream(), ['a\ud83d', '', '\ude00', '\ud83d', 'b', '\ud83d']), [bytes(0x61), bytes(0xf0, 0x9f, 0x98, 0x80), bytes(0xef, 0xbf, 0xbd, 0x62), bytes(0xef, 0xbf, 0xbd)]);
check('TextDecoderStream decodes across chunks', () => through(new TextDecoderStream(), [bytes(0xef, 0xbb), bytes(0xbf, 0x61, 0xe2), bytes(0x82, 0xac).buffer, bytes(0xe2)]), ['a', '€', '\ufffd']);
check('TextDecoderStream fails with malformed bytes', () => through(new TextDecoderStream('utf-8', { fatal: true }), [bytes(0xff)]), throws('TypeError'));
check('TextDecoderStream fails with a character cut off', () => through(new TextDecoderStream('utf-8', { fatal: true }), [bytes(0xe2)]), throws('TypeError'));
check('TextDecoderStream fails with what is no buffer', () => through(new TextDecoderStream(), ['a']), throws('TypeError'));
check('the streams have the attributes of what they stand for', () => {
  const [e, d] = [new TextEncoderStream(), new TextDecoderStream('latin1', { fatal: true, ignoreBOM: true })];
  return [e.encoding, e.readable === e.readable, d.encoding, d.fatal, d.ignoreBOM, d.writable instanceof WritableStream];
}, ['utf-8', true, 'windows-1252', true, true, true]);
