package dev.weir.websocket.url;

import dev.weir.streams.SyntaxError;

/**
 * The URL Standard's IPv6 parser and serializer. Not thread-safe; used once.
 *
 * @see <a href="https://url.spec.whatwg.org/#concept-ipv6-parser">URL, IPv6 parser</a>
 */
final class Ipv6Address {
  private static final int PIECES = 8;
  private static final int NO_COMPRESSION = -1;
  private static final char EOF = '\uFFFF';

  private final String input;
  private final int[] address = new int[PIECES];
  private int pointer;
  private int pieceIndex;
  private int compress = NO_COMPRESSION;

  private Ipv6Address(String input) {
    this.input = input;
  }

  /**
   * The address as it is serialized: in lower case, its longest run of zeros compressed.
   *
   * @param input what stands between the brackets
   * @throws SyntaxError if it is no IPv6 address; a zone is not part of one
   */
  static String parse(String input) {
    Ipv6Address parser = new Ipv6Address(input);
    parser.run();
    return serialize(parser.address);
  }

  private void run() {
    if (c() == ':') {
      pointer++;
      require(c() == ':');
      pointer++;
      pieceIndex++;
      compress = pieceIndex;
    }
    boolean more = c() != EOF;
    while (more) {
      require(pieceIndex < PIECES);
      if (c() == ':') {
        require(compress == NO_COMPRESSION);
        pointer++;
        pieceIndex++;
        compress = pieceIndex;
        more = c() != EOF;
      } else {
        more = piece();
      }
    }
    if (compress == NO_COMPRESSION) {
      require(pieceIndex == PIECES);
    } else {
      expand();
    }
  }

  /** Reads one piece, or the IPv4 address at the end; whether more follows. */
  private boolean piece() {
    int value = 0;
    int length = 0;
    while (length < 4 && hexDigit(c()) >= 0) {
      value = value * 16 + hexDigit(c());
      pointer++;
      length++;
    }
    if (c() == '.') {
      require(length > 0 && pieceIndex <= PIECES - 2);
      pointer -= length;
      ipv4();
      return false;
    }
    if (c() == ':') {
      pointer++;
      require(c() != EOF);
    } else {
      require(c() == EOF);
    }
    address[pieceIndex] = value;
    pieceIndex++;
    return c() != EOF;
  }

  private void ipv4() {
    int numbersSeen = 0;
    while (c() != EOF) {
      if (numbersSeen > 0) {
        require(c() == '.' && numbersSeen < 4);
        pointer++;
      }
      address[pieceIndex] = address[pieceIndex] * 0x100 + decimalByte();
      numbersSeen++;
      if (numbersSeen == 2 || numbersSeen == 4) {
        pieceIndex++;
      }
    }
    require(numbersSeen == 4);
  }

  private int decimalByte() {
    require(isDigit(c()));
    int number = c() - '0';
    pointer++;
    while (isDigit(c())) {
      require(number > 0);
      number = number * 10 + (c() - '0');
      require(number <= 255);
      pointer++;
    }
    return number;
  }

  /** Moves the pieces after the compression to the end. */
  private void expand() {
    int swaps = pieceIndex - compress;
    for (int to = PIECES - 1; to > 0 && swaps > 0; to--) {
      int from = compress + swaps - 1;
      int piece = address[from];
      address[from] = address[to];
      address[to] = piece;
      swaps--;
    }
  }

  private char c() {
    return pointer < input.length() ? input.charAt(pointer) : EOF;
  }

  private void require(boolean valid) {
    if (!valid) {
      throw UrlFault.expected("an IPv6 address in brackets", input);
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static int hexDigit(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }

  private static String serialize(int[] address) {
    int start = 0;
    int length = 0;
    for (int i = 0; i < PIECES; i++) {
      int run = zerosFrom(address, i);
      if (run > length) {
        start = i;
        length = run;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < PIECES; i++) {
      // A single zero is not compressed.
      if (length > 1 && i == start) {
        text.append(i == 0 ? "::" : ":");
        i += length - 1;
        continue;
      }
      text.append(Integer.toHexString(address[i]));
      if (i < PIECES - 1) {
        text.append(':');
      }
    }
    return text.toString();
  }

  private static int zerosFrom(int[] address, int start) {
    int end = start;
    while (end < PIECES && address[end] == 0) {
      end++;
    }
    return end - start;
  }
}
