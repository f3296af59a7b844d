// TextEncoderStream and TextDecoderStream (https://encoding.spec.whatwg.org/#interface-textencoderstream).
(weir) => {
  'use strict';

  const { idl } = weir;
  const { defineInterface, getterOf, uncurry } = idl;
  const { TextDecoder, TransformStream } = weir;
  const charCodeAt = uncurry(String.prototype.charCodeAt);
  const slice = uncurry(String.prototype.slice);
  const decode = uncurry(TextDecoder.prototype.decode);
  const encodingOf = getterOf(TextDecoder.prototype, 'encoding');
  const fatalOf = getterOf(TextDecoder.prototype, 'fatal');
  const ignoreBOMOf = getterOf(TextDecoder.prototype, 'ignoreBOM');
  const readableOf = getterOf(TransformStream.prototype, 'readable');
  const writableOf = getterOf(TransformStream.prototype, 'writable');

  const isLead = (string, index) => {
    const code = charCodeAt(string, index);
    return code >= 0xd800 && code <= 0xdbff;
  };

  class TextEncoderStream {
    #transform;

    constructor() {
      // Half of a character at the end of a chunk, which the next may begin with the other half of.
      let pending = '';
      this.#transform = new TransformStream({
        __proto__: null,
        transform(chunk, controller) {
          let text = `${chunk}`;
          if (text === '') {
            return;
          }
          text = pending + text;
          const end = isLead(text, text.length - 1) ? text.length - 1 : text.length;
          pending = slice(text, end);
          if (end > 0) {
            controller.enqueue(weir.utf8Encode(weir.toUSVString(slice(text, 0, end))));
          }
        },
        flush(controller) {
          if (pending !== '') {
            controller.enqueue(weir.utf8Encode('\ufffd'));
          }
        },
      });
    }

    get encoding() {
      void this.#transform;
      return 'utf-8';
    }

    get readable() {
      return readableOf(this.#transform);
    }

    get writable() {
      return writableOf(this.#transform);
    }
  }
  defineInterface(TextEncoderStream);

  class TextDecoderStream {
    #decoder;
    #transform;

    constructor(label = 'utf-8', options = undefined) {
      const decoder = new TextDecoder(label, options);
      const more = { __proto__: null, stream: true };
      const enqueue = (text, controller) => {
        if (text !== '') {
          controller.enqueue(text);
        }
      };
      this.#decoder = decoder;
      this.#transform = new TransformStream({
        __proto__: null,
        transform(chunk, controller) {
          idl.bufferSource(chunk, 'The chunk', true);
          enqueue(decode(decoder, chunk, more), controller);
        },
        flush(controller) {
          enqueue(decode(decoder), controller);
        },
      });
    }

    get encoding() {
      return encodingOf(this.#decoder);
    }

    get fatal() {
      return fatalOf(this.#decoder);
    }

    get ignoreBOM() {
      return ignoreBOMOf(this.#decoder);
    }

    get readable() {
      return readableOf(this.#transform);
    }

    get writable() {
      return writableOf(this.#transform);
    }
  }
  defineInterface(TextDecoderStream);
}
