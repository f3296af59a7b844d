// Blob and File (https://w3c.github.io/FileAPI/).
(weir) => {
  'use strict';

  const { idl } = weir;
  const { append, clamped, defineInterface, dictionary, enumeration, isObject } = idl;
  const { requireArguments, sequence, token, USVString } = idl;
  const OriginalUint8Array = Uint8Array;
  const OriginalArrayBuffer = ArrayBuffer;
  const setBytes = idl.uncurry(Object.getPrototypeOf(Uint8Array.prototype).set);
  const sliceBuffer = idl.uncurry(ArrayBuffer.prototype.slice);
  const toLowerCase = idl.uncurry(String.prototype.toLowerCase);
  const test = idl.uncurry(RegExp.prototype.exec);
  const replace = idl.uncurry(RegExp.prototype[Symbol.replace]);
  const min = Math.min;
  const max = Math.max;
  const now = Date.now;

  /** Bytes that a stream hands out at once. */
  const CHUNK_BYTES = 65_536;

  let isBlob;
  let slotsOf;

  const blobPart = (value, where) => {
    if (isObject(value)) {
      if (isBlob(value)) {
        return value;
      }
      if (idl.isBufferSource(value)) {
        return idl.bufferSource(value, where);
      }
    }
    return USVString(value);
  };
  const blobParts = sequence(blobPart);
  const blobPropertyBag = dictionary('BlobPropertyBag', {
    endings: { type: enumeration('EndingType', ['transparent', 'native']), default: 'transparent' },
    type: { type: idl.DOMString, default: '' },
  });
  const filePropertyBag = dictionary(
    'FilePropertyBag',
    { lastModified: { type: (value) => toLongLong(value) } },
    blobPropertyBag,
  );

  const toLongLong = (value) => {
    const number = Math.trunc(+value);
    return number - number === 0 ? number + 0 : 0;
  };

  const normalizedType = (type) =>
    type === '' || test(/^[\x20-\x7e]*$/, type) === null ? '' : toLowerCase(type);

  /** "Process blob parts": {buffer, byteOffset, byteLength} of one new buffer. */
  const joined = (parts, endings) => {
    const ranges = [];
    let total = 0;
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i];
      let range;
      if (typeof part === 'string') {
        const text = endings === 'native' ? replace(/\r\n?/g, part, '\n') : part;
        range = idl.rangeOf(weir.utf8Encode(text));
      } else {
        range = isBlob(part) ? slotsOf(part) : idl.rangeOf(part);
      }
      append(ranges, range);
      total += range.byteLength;
    }
    const bytes = new OriginalUint8Array(total);
    let at = 0;
    for (let i = 0; i < ranges.length; i++) {
      const { buffer, byteOffset, byteLength } = ranges[i];
      if (byteLength > 0) {
        setBytes(bytes, new OriginalUint8Array(buffer, byteOffset, byteLength), at);
      }
      at += byteLength;
    }
    return { __proto__: null, buffer: idl.rangeOf(bytes).buffer, byteOffset: 0, byteLength: total };
  };

  const clampedOffset = clamped(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);

  class Blob {
    #slots;

    static {
      isBlob = (value) => isObject(value) && #slots in value;
      slotsOf = (blob) => blob.#slots;
    }

    constructor(parts = undefined, options = undefined) {
      if (parts === token) {
        // [token, slots]: bytes that nobody else has.
        this.#slots = options;
        return;
      }
      const where = "Failed to construct 'Blob'";
      const given = parts === undefined ? [] : blobParts(parts, `${where}: parameter 1`);
      const { endings, type } = blobPropertyBag(options, `${where}: parameter 2`);
      this.#slots = joined(given, endings);
      this.#slots.type = normalizedType(type);
    }

    get size() {
      return this.#slots.byteLength;
    }

    get type() {
      return this.#slots.type;
    }

    slice(start = 0, end = undefined, contentType = '') {
      const { buffer, byteOffset, byteLength } = this.#slots;
      const position = (value) => {
        const offset = clampedOffset(value);
        return offset < 0 ? max(byteLength + offset, 0) : min(offset, byteLength);
      };
      const from = position(start);
      const to = end === undefined ? byteLength : position(end);
      return new Blob(token, {
        __proto__: null,
        buffer,
        byteOffset: byteOffset + from,
        byteLength: max(to - from, 0),
        type: normalizedType(`${contentType}`),
      });
    }

    stream() {
      const { buffer, byteOffset, byteLength } = this.#slots;
      let at = 0;
      return new weir.ReadableStream({
        __proto__: null,
        type: 'bytes',
        pull(controller) {
          if (at < byteLength) {
            const size = min(CHUNK_BYTES, byteLength - at);
            const from = byteOffset + at;
            at += size;
            controller.enqueue(new OriginalUint8Array(sliceBuffer(buffer, from, from + size)));
          }
          if (at >= byteLength) {
            controller.close();
            // A reader with a buffer of its own waits for an answer to its request.
            controller.byobRequest?.respond(0);
          }
        },
      });
    }

    async text() {
      const { buffer, byteOffset, byteLength } = this.#slots;
      return weir.utf8Decode(buffer, byteOffset, byteLength);
    }

    async arrayBuffer() {
      return copied(this.#slots);
    }

    async bytes() {
      return new OriginalUint8Array(copied(this.#slots));
    }
  }
  defineInterface(Blob);

  const copied = ({ buffer, byteOffset, byteLength }) =>
    byteLength === 0
      ? new OriginalArrayBuffer(0)
      : sliceBuffer(buffer, byteOffset, byteOffset + byteLength);

  class File extends Blob {
    #name;
    #lastModified;

    constructor(fileBits, fileName, options = undefined) {
      if (fileBits === token) {
        super(token, arguments[1]);
        this.#name = arguments[2];
        this.#lastModified = arguments[3];
        return;
      }
      const where = "Failed to construct 'File'";
      requireArguments(2, arguments.length, where);
      const given = blobParts(fileBits, `${where}: parameter 1`);
      const name = USVString(fileName);
      const { endings, lastModified = now(), type } = filePropertyBag(options, `${where}: parameter 3`);
      const slots = joined(given, endings);
      slots.type = normalizedType(type);
      super(token, slots);
      this.#name = name;
      this.#lastModified = lastModified;
    }

    static {
      weir.cloneBlob = (blob) => {
        const slots = slotsOf(blob);
        return #name in blob
          ? new File(token, slots, blob.#name, blob.#lastModified)
          : new Blob(token, slots);
      };
    }

    get name() {
      return this.#name;
    }

    get lastModified() {
      return this.#lastModified;
    }
  }
  defineInterface(File);

  weir.Blob = Blob;
  weir.File = File;
  weir.isBlob = isBlob;

  /** A blob of bytes that only it will have from now on. */
  weir.blobFromBytes = (arrayBuffer, type = '') =>
    new Blob(token, {
      __proto__: null,
      buffer: arrayBuffer,
      byteOffset: 0,
      byteLength: idl.rangeOf(arrayBuffer).byteLength,
      type,
    });

  /** The bytes of a blob as {buffer, byteOffset, byteLength}; not to be written to. */
  weir.bytesOf = (blob) => {
    const { buffer, byteOffset, byteLength } = slotsOf(blob);
    return { __proto__: null, buffer, byteOffset, byteLength };
  };
}
