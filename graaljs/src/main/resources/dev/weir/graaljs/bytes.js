// Bytes from Java: weir.receiveBytes makes a Uint8Array, with memory of its own, of what Java hands
// over.
(weir) => {
  'use strict';

  const { host } = weir;
  const { uncurry } = weir.idl;
  const OriginalArrayBuffer = ArrayBuffer;
  const OriginalUint8Array = Uint8Array;
  const fromBase64 = Uint8Array.fromBase64;
  const charCodeAt = uncurry(String.prototype.charCodeAt);
  const copyInto = uncurry(OriginalUint8Array.prototype.set);

  const fromBuffer = (buffer) => {
    const shared = new OriginalUint8Array(new OriginalArrayBuffer(buffer));
    const own = new OriginalUint8Array(shared.length);
    copyInto(own, shared);
    return own;
  };

  const digitOf = (code) => {
    if (code >= 97) {
      return code - 71;
    }
    if (code >= 65) {
      return code - 65;
    }
    return code >= 48 ? code + 4 : code === 43 ? 62 : 63;
  };

  /** For a context whose version of the language has no Uint8Array.fromBase64. */
  const decode = (text) => {
    const length = text.length;
    let padding = 0;
    while (padding < 2 && length > 0 && charCodeAt(text, length - 1 - padding) === 61) {
      padding++;
    }
    const bytes = new OriginalUint8Array((length / 4) * 3 - padding);
    for (let from = 0, to = 0; from < length; from += 4, to += 3) {
      const word =
        (digitOf(charCodeAt(text, from)) << 18) |
        (digitOf(charCodeAt(text, from + 1)) << 12) |
        ((digitOf(charCodeAt(text, from + 2)) & 63) << 6) |
        (digitOf(charCodeAt(text, from + 3)) & 63);
      bytes[to] = word >> 16;
      bytes[to + 1] = word >> 8;
      bytes[to + 2] = word;
    }
    return bytes;
  };

  const takesBuffers = () => {
    try {
      return fromBuffer(host.probeBytes()).length === 3;
    } catch {
      return false;
    }
  };

  if (takesBuffers()) {
    weir.receiveBytes = fromBuffer;
  } else {
    host.useBase64();
    weir.receiveBytes =
      typeof fromBase64 === 'function' ? fromBase64.bind(OriginalUint8Array) : decode;
  }
}
