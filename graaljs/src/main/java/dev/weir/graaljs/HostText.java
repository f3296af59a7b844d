package dev.weir.graaljs;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyArray;
import org.jspecify.annotations.Nullable;

/**
 * Text and bytes for scripts: UTF-8 and the other encodings of TextDecoder, and base64. For the
 * context's thread. Strings to encode are well-formed: they have no lone surrogates.
 */
final class HostText {
  private final HostBytes bytes;

  HostText(HostBytes bytes) {
    this.bytes = bytes;
  }

  void addTo(HostFunctions host) {
    host.add("utf8Length", arguments -> utf8Length(arguments[0].asString()))
        .add("utf8Encode", this::utf8Encode)
        .add("utf8EncodeInto", this::utf8EncodeInto)
        .add("encodingOf", HostText::encodingOf)
        .add("newDecoder", HostText::newDecoder)
        .add("decode", HostText::decode)
        .add("base64Encode", arguments -> base64Encode(arguments[0].asString()))
        .add("base64Decode", arguments -> base64Decode(arguments[0].asString()));
  }

  /** The bytes that the text is in UTF-8. */
  static long utf8Length(String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // A surrogate is half of four bytes.
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }

  /** {@code utf8Encode(string)}: what {@code weir.receiveBytes} takes. */
  private Object utf8Encode(Value[] arguments) {
    return bytes.toScript(arguments[0].asString().getBytes(StandardCharsets.UTF_8));
  }

  /** {@code utf8EncodeInto(string, space)}: how many UTF-16 units have room, and the bytes. */
  private Object utf8EncodeInto(Value[] arguments) {
    String text = arguments[0].asString();
    long space = arguments[1].asLong();
    int read = 0;
    int written = 0;
    while (read < text.length()) {
      int c = text.codePointAt(read);
      int length = c < 0x80 ? 1 : c < 0x800 ? 2 : Character.isBmpCodePoint(c) ? 3 : 4;
      if (written + length > space) {
        break;
      }
      read += Character.charCount(c);
      written += length;
    }
    byte[] encoded = text.substring(0, read).getBytes(StandardCharsets.UTF_8);
    return ProxyArray.fromArray(read, bytes.toScript(encoded));
  }

  /** {@code encodingOf(label)}: the name of the encoding, "" if none has the label. */
  private static Object encodingOf(Value[] arguments) {
    TextEncodingLabel encoding = TextEncodingLabel.of(arguments[0].asString());
    return encoding == null ? "" : encoding.encodingName();
  }

  /** {@code newDecoder(encoding, fatal, ignoreBOM)}: what decode takes first. */
  private static Object newDecoder(Value[] arguments) {
    return new TextDecoding(
        Objects.requireNonNull(TextEncodingLabel.of(arguments[0].asString())),
        arguments[1].asBoolean(),
        arguments[2].asBoolean());
  }

  /** {@code decode(decoder, buffer, byteOffset, byteLength, stream)}: null if malformed. */
  private static @Nullable Object decode(Value[] arguments) {
    TextDecoding decoding = arguments[0].asHostObject();
    byte[] input = HostBytes.fromScript(arguments[1], arguments[2], arguments[3]);
    try {
      return decoding.decode(input, arguments[4].asBoolean());
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** The base64 of a string whose characters are bytes; null if one is not. */
  static @Nullable String base64Encode(String text) {
    if (text.chars().anyMatch(c -> c > 0xFF)) {
      return null;
    }
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /**
   * The "forgiving-base64 decode" of the Infra Standard, a character per byte; null if it fails.
   */
  static @Nullable String base64Decode(String text) {
    StringBuilder data = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ("\t\n\f\r ".indexOf(c) < 0) {
        data.append(c);
      }
    }
    if (data.length() % 4 == 0) {
      for (int i = 0; i < 2 && !data.isEmpty() && data.charAt(data.length() - 1) == '='; i++) {
        data.setLength(data.length() - 1);
      }
    }
    if (data.length() % 4 == 1 || data.indexOf("=") >= 0) {
      return null;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(data.toString());
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
