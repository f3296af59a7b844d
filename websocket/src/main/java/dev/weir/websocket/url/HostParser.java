package dev.weir.websocket.url;

import dev.weir.streams.SyntaxError;
import java.nio.charset.StandardCharsets;

/**
 * The URL Standard's host parser for special URLs, with its result serialized. Stateless and
 * thread-safe.
 *
 * @see <a href="https://url.spec.whatwg.org/#concept-host-parser">URL, host parser</a>
 */
final class HostParser {
  /** Besides the controls, which are forbidden too. */
  private static final String FORBIDDEN = " #/:<>?@[\\]^|%\u007F";

  private HostParser() {}

  /**
   * The host as a serialized URL shows it: a domain in ASCII, or an address, in brackets if it is
   * of IPv6.
   *
   * @param input not empty
   * @throws SyntaxError if the standard's parser fails
   */
  static String parse(String input) {
    if (input.startsWith("[")) {
      if (!input.endsWith("]")) {
        throw UrlFault.expected("an IPv6 address in brackets", input);
      }
      return "[" + Ipv6Address.parse(input.substring(1, input.length() - 1)) + "]";
    }
    String domain = new String(PercentEncoding.decode(input), StandardCharsets.UTF_8);
    String ascii = DomainToAscii.convert(domain);
    if (ascii.isEmpty()) {
      throw UrlFault.expected("a host", input);
    }
    for (int i = 0; i < ascii.length(); i++) {
      char c = ascii.charAt(i);
      if (c < 0x20 || FORBIDDEN.indexOf(c) >= 0) {
        throw new SyntaxError(
            String.format(
                "expected a host without the forbidden character U+%04X but was %s",
                (int) c, UrlFault.quoted(input)));
      }
    }
    return Ipv4Address.endsInNumber(ascii) ? Ipv4Address.parse(ascii) : ascii;
  }
}
