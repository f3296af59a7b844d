package dev.weir.benchmarks.peers.load;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;

/** JSON documents of one kilobyte, as a feed of trades would send them. Stateless. */
final class JsonDocuments {
  /** Each of them has this size, in bytes. */
  static final int BYTES = 1024;

  private static final int COUNT = 256;
  private static final long SEED = 7692; // any: each run sends the same
  private static final String[] SYMBOLS = {
    "ACME", "GLOBEX", "INITECH", "UMBRELLA", "HOOLI", "STARK"
  };
  private static final String[] VENUES = {"XNYS", "XNAS", "BATS", "IEXG"};

  private JsonDocuments() {}

  /** A ring of them, all different. */
  static byte[][] ring() {
    var random = new Random(SEED);
    var ring = new byte[COUNT][];
    for (int i = 0; i < COUNT; i++) {
      ring[i] = document(i, random).getBytes(StandardCharsets.US_ASCII);
    }
    return ring;
  }

  private static String document(int number, Random random) {
    var out = new StringBuilder();
    out.append("{\"type\":\"trades\",\"sequence\":").append(1_000_000 + number);
    out.append(",\"trades\":[");
    while (true) {
      String trade = trade(number, random);
      if (out.length() + trade.length() + 3 > BYTES - 12) {
        break;
      }
      out.append(trade).append(',');
    }
    out.setLength(out.length() - 1);
    out.append("],\"pad\":\"");
    while (out.length() < BYTES - 2) {
      out.append(' ');
    }
    return out.append("\"}").toString();
  }

  private static String trade(int number, Random random) {
    return String.format(
        Locale.ROOT,
        "{\"id\":\"%08x\",\"symbol\":\"%s\",\"venue\":\"%s\",\"side\":\"%s\",\"price\":%d.%02d,\"quantity\":%d,"
            + "\"timestamp\":%d}",
        random.nextInt(),
        SYMBOLS[random.nextInt(SYMBOLS.length)],
        VENUES[random.nextInt(VENUES.length)],
        random.nextBoolean() ? "buy" : "sell",
        100 + random.nextInt(20),
        random.nextInt(100),
        100 * (1 + random.nextInt(10)),
        1_795_254_000_000L + number * 1000L + random.nextInt(1000));
  }
}
