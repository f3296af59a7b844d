package dev.weir.cli.bench;

import dev.weir.websocket.Message;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/**
 * The messages of a run, made beforehand so that sending costs nothing more: a ring of which each
 * connection sends one after the other, from a place of its own. Immutable.
 *
 * <p>The messages of a ring differ as far as their size allows, and there are more of them than may
 * be in flight, so that an echo is the expected one only if content and order are right.
 */
public final class Payloads {
  /** The least JSON text: room for braces, a name and a number. */
  public static final int LEAST_JSON = 32;

  private static final int LEAST_RING = 64;
  private static final int MOST_RING_BYTES = 16 << 20;
  private static final long SEED = 6455; // any: each run sends the same
  private static final String ENDING = "],\"p\":\"";
  private static final char[] TEXT_ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".toCharArray();
  private static final String[] NAMES = {
    "price", "volume", "symbol", "exchange", "side", "sequence", "timestamp", "status", "venue"
  };

  /** What an echo turned out to be. */
  enum Verdict {
    RIGHT,
    OUT_OF_ORDER,
    WRONG
  }

  private final Message[] ring;

  private Payloads(Message[] ring) {
    this.ring = ring;
  }

  static Payloads of(Load.Payload payload, int size, int inFlight) {
    int affordable = MOST_RING_BYTES / Math.max(size, 1);
    var ring = new Message[Math.max(inFlight + 1, Math.min(LEAST_RING, affordable))];
    var random = new Random(SEED);
    for (int i = 0; i < ring.length; i++) {
      ring[i] =
          switch (payload) {
            case BINARY -> Message.of(binary(size, i, random));
            case TEXT -> Message.of(text(size, i, random));
            case JSON -> Message.of(json(size, i, random));
          };
    }
    return new Payloads(ring);
  }

  private static byte[] binary(int size, int number, Random random) {
    var bytes = new byte[size];
    random.nextBytes(bytes);
    for (int i = 0, rest = number; i < Math.min(size, Integer.BYTES); i++, rest >>>= 8) {
      bytes[i] = (byte) rest;
    }
    return bytes;
  }

  private static String text(int size, int number, Random random) {
    var chars = new char[size];
    for (int i = 0; i < size; i++) {
      chars[i] = TEXT_ALPHABET[random.nextInt(TEXT_ALPHABET.length)];
    }
    for (int i = 0, rest = number; i < Math.min(size, 5); i++, rest >>>= 6) {
      chars[i] = TEXT_ALPHABET[rest & 63];
    }
    return new String(chars);
  }

  /** An object of exactly this size, as a feed of prices would send it. */
  private static String json(int size, int number, Random random) {
    var out = new StringBuilder(size).append("{\"id\":").append(number).append(",\"items\":[");
    while (true) {
      String item = item(random);
      int tail = out.charAt(out.length() - 1) == '[' ? 0 : 1;
      if (out.length() + tail + item.length() > size - ENDING.length() - 2) {
        break;
      }
      if (tail == 1) {
        out.append(',');
      }
      out.append(item);
    }
    out.append(ENDING);
    while (out.length() < size - 2) {
      out.append('.');
    }
    return out.append("\"}").toString();
  }

  private static String item(Random random) {
    return "{\""
        + NAMES[random.nextInt(NAMES.length)]
        + "\":"
        + random.nextInt(100_000) / 100.0
        + ",\"ok\":"
        + random.nextBoolean()
        + "}";
  }

  /** What a connection sends as this message of its own; both count from 0. */
  Message message(int connection, long number) {
    return ring[place(connection, number)];
  }

  /** Whether what came is what this connection expects as its echo of this number. */
  Verdict check(int connection, long number, Message echo) {
    int place = place(connection, number);
    if (same(ring[place], echo)) {
      return Verdict.RIGHT;
    }
    for (Message other : ring) {
      if (same(other, echo)) {
        return Verdict.OUT_OF_ORDER;
      }
    }
    return Verdict.WRONG;
  }

  private int place(int connection, long number) {
    return (int) ((connection + number) % ring.length);
  }

  private static boolean same(Message sent, Message echo) {
    if (sent instanceof Message.Binary(byte[] bytes)) {
      return echo instanceof Message.Binary(byte[] come) && Arrays.equals(bytes, come);
    }
    return sent.equals(echo);
  }

  /** How many bytes of payload a received message has. */
  static int sizeOf(Message message) {
    return switch (message) {
      case Message.Binary(byte[] bytes) -> bytes.length;
      case Message.Text(String text) -> utf8Length(text);
    };
  }

  private static int utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
