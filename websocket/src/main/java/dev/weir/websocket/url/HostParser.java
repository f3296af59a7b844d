package dev.weir.websocket.url;

import dev.weir.streams.SyntaxError;
import java.nio.charset.StandardCharsets;

/**
 * The URL Standard's host parser, with its result serialized. Stateless and thread-safe.
 *
 * @see <a href="https://url.spec.whatwg.org/#concept-host-parser">URL, host parser</a>
 */
final class HostParser {
  /** The forbidden host code points. */
  private static final String FORBIDDEN = "\0\t\n\r #/:<>?@[\\]^|";

  /** Those that a domain must not have either, besides the controls. */
  private static final String FORBIDDEN_IN_DOMAIN = FORBIDDEN + "%\u007F";

  private HostParser() {}

  /**
   * The host of a special URL as a serialized URL shows it: a domain in ASCII, or an address, in
   * brackets if it is of IPv6.
   *
   * @param input not empty
   * @throws SyntaxError if the standard's parser fails
   */
  static String parse(String input) {
    if (input.startsWith("[")) {
      return bracketed(input);
    }
    String domain = new String(PercentEncoding.decode(input), StandardCharsets.UTF_8);
    String ascii = DomainToAscii.convert(domain);
    if (ascii.isEmpty()) {
      throw UrlFault.expected("a host", input);
    }
    for (int i = 0; i < ascii.length(); i++) {
      char c = ascii.charAt(i);
      if (c < 0x20 || FORBIDDEN_IN_DOMAIN.indexOf(c) >= 0) {
        throw forbidden(c, input);
      }
    }
    return Ipv4Address.endsInNumber(ascii) ? Ipv4Address.parse(ascii) : ascii;
  }

  /**
   * The host of a URL that is not special, for whose scheme it may mean anything: percent-encoded,
   * or an IPv6 address in brackets.
   *
   * @param input may be empty
   * @throws SyntaxError if the standard's parser fails
   */
  static String parseOpaque(String input) {
    if (input.startsWith("[")) {
      return bracketed(input);
    }
    for (int i = 0; i < input.length(); i++) {
      char c = input.charAt(i);
      if (FORBIDDEN.indexOf(c) >= 0) {
        throw forbidden(c, input);
      }
    }
    return PercentEncoding.CONTROL.encode(input);
  }

  private static String bracketed(String input) {
    if (!input.endsWith("]")) {
      throw UrlFault.expected("an IPv6 address in brackets", input);
    }
    return "[" + Ipv6Address.parse(input.substring(1, input.length() - 1)) + "]";
  }

  private static SyntaxError forbidden(char c, String input) {
    return new SyntaxError(
        String.format(
            "expected a host without the forbidden character U+%04X but was %s",
            (int) c, UrlFault.quoted(input)));
  }
}
