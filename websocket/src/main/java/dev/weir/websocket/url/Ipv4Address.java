package dev.weir.websocket.url;

import dev.weir.streams.SyntaxError;
import java.util.ArrayList;
import java.util.List;

/**
 * The URL Standard's IPv4 parser, which takes decimal, octal and hexadecimal numbers and short
 * forms, and its serializer. Stateless and thread-safe.
 *
 * @see <a href="https://url.spec.whatwg.org/#concept-ipv4-parser">URL, IPv4 parser</a>
 */
final class Ipv4Address {
  private static final int MAX_PARTS = 4;
  private static final int MAX_BYTE = 255;

  /** One more than the largest address: the value of every number too large to matter. */
  private static final long TOO_LARGE = 1L << 32;

  private static final long NOT_A_NUMBER = -1;

  private Ipv4Address() {}

  /** The "ends in a number checker": whether the host can only be an IPv4 address. */
  static boolean endsInNumber(String host) {
    List<String> parts = parts(host);
    String last = parts.get(parts.size() - 1);
    if (last.isEmpty()) {
      return false;
    }
    // All digits, even where they are no octal number ("09").
    return last.chars().allMatch(c -> c >= '0' && c <= '9') || number(last) != NOT_A_NUMBER;
  }

  /**
   * The address in four decimal numbers.
   *
   * @throws SyntaxError if the host is no IPv4 address
   */
  static String parse(String host) {
    List<String> parts = parts(host);
    if (parts.size() > MAX_PARTS) {
      throw invalid(host);
    }
    long address = 0;
    int shift = 24;
    for (int i = 0; i < parts.size() - 1; i++) {
      long number = number(parts.get(i));
      if (number == NOT_A_NUMBER || number > MAX_BYTE) {
        throw invalid(host);
      }
      address |= number << shift;
      shift -= 8;
    }
    // The last number fills all bytes that are left.
    long last = number(parts.get(parts.size() - 1));
    if (last == NOT_A_NUMBER || last >= 1L << (shift + 8)) {
      throw invalid(host);
    }
    address |= last;
    return (address >> 24 & MAX_BYTE)
        + "."
        + (address >> 16 & MAX_BYTE)
        + "."
        + (address >> 8 & MAX_BYTE)
        + "."
        + (address & MAX_BYTE);
  }

  /** The parts between dots; one dot at the end does not count. */
  private static List<String> parts(String host) {
    List<String> parts = new ArrayList<>(List.of(host.split("\\.", -1)));
    if (parts.size() > 1 && parts.get(parts.size() - 1).isEmpty()) {
      parts.remove(parts.size() - 1);
    }
    return parts;
  }

  /** The IPv4 number parser. */
  private static long number(String part) {
    int radix = 10;
    String digits = part;
    if (part.startsWith("0x") || part.startsWith("0X")) {
      radix = 16;
      digits = part.substring(2);
    } else if (part.length() > 1 && part.startsWith("0")) {
      radix = 8;
      digits = part.substring(1);
    } else if (part.isEmpty()) {
      return NOT_A_NUMBER;
    }
    long number = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) < 0x80 ? Character.digit(digits.charAt(i), radix) : -1;
      if (digit < 0) {
        return NOT_A_NUMBER;
      }
      number = Math.min(TOO_LARGE, number * radix + digit);
    }
    return number;
  }

  private static SyntaxError invalid(String host) {
    return UrlFault.expected("an IPv4 address, since the host ends in a number,", host);
  }
}
