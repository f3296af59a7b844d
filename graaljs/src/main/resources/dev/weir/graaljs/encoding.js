// TextEncoder and TextDecoder (https://encoding.spec.whatwg.org/). The bytes are Java's work: the
// engine may be an interpreter.
(weir) => {
  'use strict';

  const { idl, host } = weir;
  const { boolean, defineInterface, dictionary, requireArguments, USVString } = idl;
  const OriginalArrayBuffer = ArrayBuffer;
  const OriginalUint8Array = Uint8Array;
  const setBytes = idl.uncurry(Uint8Array.prototype.set);
  const typedArrayName = idl.getterOf(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag);

  /** The UTF-8 of a well-formed string, as a Uint8Array with memory of its own. */
  weir.utf8Encode = (string) =>
    string === '' ? new OriginalUint8Array(0) : weir.receiveBytes(host.utf8Encode(string));

  /** How many bytes of UTF-8 a well-formed string is. */
  weir.utf8Length = (string) => host.utf8Length(string);

  /** "UTF-8 decode": malformed bytes become U+FFFD, a byte order mark is left out. */
  weir.utf8Decode = (buffer, byteOffset, byteLength) =>
    byteLength === 0
      ? ''
      : host.decode(host.newDecoder('utf-8', false, false), buffer, byteOffset, byteLength, false);

  class TextEncoder {
    #branded;

    get encoding() {
      void this.#branded;
      return 'utf-8';
    }

    encode(input = '') {
      void this.#branded;
      return weir.utf8Encode(USVString(input));
    }

    encodeInto(source, destination) {
      void this.#branded;
      const where = "Failed to execute 'encodeInto' on 'TextEncoder'";
      requireArguments(2, arguments.length, where);
      const string = USVString(source);
      if (!idl.isView(destination) || typedArrayName(destination) !== 'Uint8Array') {
        throw new TypeError(`${where}: parameter 2 is not of type 'Uint8Array'.`);
      }
      const encoded = host.utf8EncodeInto(string, idl.rangeOf(destination).byteLength);
      const bytes = weir.receiveBytes(encoded[1]);
      setBytes(destination, bytes);
      return { read: encoded[0], written: idl.rangeOf(bytes).byteLength };
    }
  }
  defineInterface(TextEncoder);

  const decoderOptions = dictionary('TextDecoderOptions', {
    fatal: { type: boolean, default: false },
    ignoreBOM: { type: boolean, default: false },
  });
  const decodeOptions = dictionary('TextDecodeOptions', {
    stream: { type: boolean, default: false },
  });

  class TextDecoder {
    #encoding;
    #options;
    #decoder;

    constructor(label = 'utf-8', options = undefined) {
      const where = "Failed to construct 'TextDecoder'";
      const name = `${label}`;
      this.#options = decoderOptions(options, `${where}: parameter 2`);
      const encoding = host.encodingOf(name);
      if (encoding === '') {
        throw new RangeError(`${where}: The encoding label provided ('${name}') is invalid.`);
      }
      this.#encoding = encoding;
      this.#decoder = host.newDecoder(encoding, this.#options.fatal, this.#options.ignoreBOM);
    }

    get encoding() {
      return this.#encoding;
    }

    get fatal() {
      return this.#options.fatal;
    }

    get ignoreBOM() {
      return this.#options.ignoreBOM;
    }

    decode(input = undefined, options = undefined) {
      const decoder = this.#decoder;
      const where = "Failed to execute 'decode' on 'TextDecoder'";
      if (input !== undefined) {
        idl.bufferSource(input, `${where}: parameter 1`, true);
      }
      const { stream } = decodeOptions(options, `${where}: parameter 2`);
      const { buffer, byteOffset, byteLength } =
        input === undefined ? { buffer: new OriginalArrayBuffer(0), byteOffset: 0, byteLength: 0 } : idl.rangeOf(input);
      const text = host.decode(decoder, buffer, byteOffset, byteLength, stream);
      if (text === null) {
        throw new TypeError(`${where}: The encoded data was not valid.`);
      }
      return text;
    }
  }
  defineInterface(TextDecoder);

  weir.TextEncoder = TextEncoder;
  weir.TextDecoder = TextDecoder;
}
