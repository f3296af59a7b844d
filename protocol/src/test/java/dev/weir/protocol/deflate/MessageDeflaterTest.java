package dev.weir.protocol.deflate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is compressed is read back by code of another kind, which knows the window's size. */
class MessageDeflaterTest {
  private static Compression server(DeflatePool pool, boolean takeover, int bits, int level) {
    return Compression.ofServer(
        pool,
        new DeflateTerms(takeover, false, bits, 15),
        CompressionOptions.server()
            .withTakeover(takeover, false)
            .withThreshold(0)
            .withLevel(level));
  }

  @Rule({
    "P3",
    "P3a",
    "7692-7.1.2.1-2",
    "7692-7.2.1-1",
    "7692-7.2.1-2",
    "7692-7.2.1-3",
    "7692-7.2.1-4",
    "7692-7.2.1-5",
    "7692-7.2.1-6"
  })
  @ParameterizedTest
  @ValueSource(ints = {9, 10, 11, 12, 13, 14, 15})
  void refersBackWithinTheAgreedWindowOnly(int bits) {
    for (boolean takeover : new boolean[] {false, true}) {
      DeflatePool pool = new DeflatePool();
      Random random = new Random(bits);
      Compression compression = server(pool, takeover, bits, 1 + random.nextInt(9));
      PlainInflater reader = new PlainInflater(bits, takeover);
      for (int i = 0; i < 60; i++) {
        byte[] message =
            i % 10 == 0
                ? Samples.text(random, 1 + random.nextInt(3 << bits)).getBytes(UTF_8)
                : Samples.bytes(random, 1 + random.nextInt(1 << random.nextInt(13)));
        byte[] sent = deflate(compression.deflater(), message);
        if (sent.length > 0) {
          assertThat(reader.message(sent))
              .as("bits %d, takeover %s, message %d", bits, takeover, i)
              .isEqualTo(message);
        }
      }
      // A reader that would refuse nothing would show nothing.
      assertThat(reader.farthest()).isBetween(1 << bits - 2, 1 << bits);
      // A final block, whose end would have to be padded, is never sent.
      assertThat(reader.finalBlocks()).isZero();
      compression.release();
      assertThat(pool.open()).isZero();
    }
  }

  /** The compressed message, or nothing if it is better sent as it is. */
  private static byte[] deflate(MessageDeflater deflater, byte[] message) {
    if (message.length <= MessageDeflater.SEGMENT_BYTES) {
      return deflater.deflateWhole(message)
          ? Arrays.copyOf(deflater.output(), deflater.outputBytes())
          : new byte[0];
    }
    ByteBuffer all = ByteBuffer.allocate(message.length * 2);
    for (int from = 0; from < message.length; from += MessageDeflater.SEGMENT_BYTES) {
      int count = Math.min(MessageDeflater.SEGMENT_BYTES, message.length - from);
      deflater.deflate(message, from, count);
      all.put(deflater.output(), 0, deflater.outputBytes());
    }
    return Arrays.copyOf(all.array(), all.position());
  }

  @Test
  @Rule("P3")
  void aSegmentThatDoesNotCompressFitsAtEachWindowAndLevel() {
    byte[] noise = new byte[MessageDeflater.SEGMENT_BYTES * 2];
    new Random(1).nextBytes(noise);
    for (int bits = 9; bits <= 15; bits++) {
      for (int level = 1; level <= 9; level++) {
        DeflatePool pool = new DeflatePool();
        Compression compression = server(pool, level % 2 == 0, bits, level);
        byte[] sent = deflate(compression.deflater(), noise);
        assertThat(new PlainInflater(bits, false).message(sent)).isEqualTo(noise);
        compression.release();
      }
    }
  }

  @Test
  @Rule("P3")
  void withoutTakeoverWhatDoesNotCompressIsLeftAsItIs() {
    Compression compression = server(new DeflatePool(), false, 15, 6);
    assertThat(compression.deflater().deflateWhole(new byte[] {1, 2, 3})).isFalse();
    assertThat(compression.deflater().deflateWhole(new byte[100])).isTrue();
    compression.release();
  }

  @Test
  @Rule("P3")
  void manyConnectionsShareOneCompressorAndKeepNone() {
    DeflatePool pool = new DeflatePool();
    List<Compression> connections = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      Compression compression = server(pool, i % 2 == 0, i % 2 == 0 ? 12 : 15, 1 + i % 9);
      connections.add(compression);
      byte[] sent = deflate(compression.deflater(), new byte[100]);
      assertThat(new PlainInflater(15, false).message(sent)).isEqualTo(new byte[100]);
    }
    assertThat(pool.open()).isEqualTo(1);
    connections.forEach(Compression::release);
    assertThat(pool.open()).isZero();
  }

  @Test
  @Rule({"P3", "7692-7.2.1-5", "7692-7.2.1-6"})
  void thoseThatTakeTheirContextOverShareTheCompressorToo() {
    long seed = 7;
    Random random = new Random(seed);
    DeflatePool pool = new DeflatePool();
    List<Compression> connections = new ArrayList<>();
    List<PlainInflater> readers = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      int bits = i % 3 == 0 ? 9 + random.nextInt(6) : 15;
      boolean takeover = i % 5 != 0;
      connections.add(server(pool, takeover, bits, 1 + random.nextInt(9)));
      readers.add(new PlainInflater(bits, takeover));
    }
    int at = 0;
    for (int round = 0; round < 2000; round++) {
      // One goes on alone for a while, now and then.
      at = random.nextInt(3) == 0 ? at : random.nextInt(connections.size());
      byte[] message =
          Samples.bytes(random, 1 + random.nextInt(random.nextInt(100) == 0 ? 150_000 : 3000));
      byte[] sent = deflate(connections.get(at).deflater(), message);
      if (sent.length > 0) {
        assertThat(Arrays.equals(readers.get(at).message(sent), message))
            .as("seed %d, round %d", seed, round)
            .isTrue();
      }
      assertThat(pool.open()).as("seed %d, round %d", seed, round).isEqualTo(1);
    }
    connections.forEach(Compression::release);
    assertThat(pool.open()).isZero();
  }

  @ParameterizedTest
  @Rule("P3")
  @ValueSource(ints = {1, 5, 6, 8})
  void whatWasSentLastIsReferredToThoughOthersComeBetween(int level) {
    DeflatePool pool = new DeflatePool();
    byte[] message = Samples.text(new Random(3), 900).getBytes(UTF_8);
    List<Compression> connections = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      connections.add(server(pool, true, 15, level));
    }
    for (Compression each : connections) {
      assertThat(deflate(each.deflater(), message).length).isGreaterThan(message.length / 5);
    }
    for (Compression each : connections) {
      assertThat(deflate(each.deflater(), message).length).isLessThan(message.length / 20);
    }
    assertThat(pool.open()).isEqualTo(1);
    connections.forEach(Compression::release);
  }

  @Test
  @Rule("P3")
  void oneThatIsAloneRefersBackOverTheWholeWindow() {
    DeflatePool pool = new DeflatePool();
    Compression alone = server(pool, true, 15, 5);
    PlainInflater reader = new PlainInflater(15, true);
    byte[] digits = hex(1, 500);
    byte[] between = hex(2, 10_000);
    for (byte[] message : List.of(digits, between)) {
      byte[] sent = deflate(alone.deflater(), message);
      assertThat(sent.length).isGreaterThan(message.length / 2);
      assertThat(reader.message(sent)).isEqualTo(message);
    }
    byte[] again = deflate(alone.deflater(), digits);
    assertThat(again.length).isLessThan(digits.length / 10);
    assertThat(reader.message(again)).isEqualTo(digits);
    alone.release();
  }

  /** What compresses to a little more than half, and has nothing in common with other seeds. */
  private static byte[] hex(long seed, int bytes) {
    byte[] noise = new byte[bytes];
    new Random(seed).nextBytes(noise);
    return HexFormat.of().formatHex(noise).getBytes(UTF_8);
  }

  @Test
  @Rule({"P3", "7692-7.2.1-5", "7692-7.2.1-6"})
  void takeoverMakesTheSecondMessageShorter() {
    byte[] message = Samples.bytes(new Random(3), 900);
    for (int bits = 11; bits <= 15; bits++) {
      for (boolean takeover : new boolean[] {false, true}) {
        Compression compression = server(new DeflatePool(), takeover, bits, 6);
        int first = deflate(compression.deflater(), message).length;
        int second = deflate(compression.deflater(), message).length;
        if (takeover) {
          assertThat(second).isLessThan(first / 4);
        } else {
          assertThat(second).isEqualTo(first);
        }
        compression.release();
      }
    }
  }
}
