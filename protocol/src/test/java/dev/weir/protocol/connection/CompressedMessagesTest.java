package dev.weir.protocol.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.protocol.deflate.Compression;
import dev.weir.protocol.deflate.CompressionOptions;
import dev.weir.protocol.deflate.DeflatePool;
import dev.weir.protocol.deflate.DeflateTerms;
import dev.weir.protocol.deflate.Samples;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compressed messages, with the examples of RFC 7692 §7.2.3 byte for byte. */
class CompressedMessagesTest {
  /** "Hello", compressed (§7.2.3.1). */
  private static final String HELLO = "f248cdc9c90700";

  /** "Hello" behind another "Hello" (§7.2.3.2). */
  private static final String HELLO_AGAIN = "f200110000";

  private static final DeflateTerms NO_TAKEOVER = new DeflateTerms(false, false, 15, 15);
  private static final DeflateTerms TAKEOVER = new DeflateTerms(true, true, 15, 15);

  private final DeflatePool pool = new DeflatePool();

  @AfterEach
  void nothingIsHeldAfterTheEnd() {
    assertThat(pool.open()).as("compressors and inflaters held").isZero();
  }

  private DrivenConnection server(DeflateTerms terms) {
    return server(terms, Limits.server());
  }

  private DrivenConnection server(DeflateTerms terms, Limits limits) {
    CompressionOptions options =
        CompressionOptions.server().withTakeover(true, true).withThreshold(0);
    return DrivenConnection.of(Role.SERVER, limits, Compression.ofServer(pool, terms, options));
  }

  private DrivenConnection client(DeflateTerms terms) {
    CompressionOptions options = CompressionOptions.client().withThreshold(0);
    return DrivenConnection.of(
        Role.CLIENT, Limits.client(), Compression.ofClient(pool, terms, options));
  }

  private static void end(DrivenConnection connection) {
    connection.connection.abort(null);
    connection.events();
    connection.assertNothingUnread();
  }

  // Receiving.

  @ParameterizedTest(name = "{0}")
  @Rule({"P3", "7692-6.2-1", "7692-7.2.2-1", "7692-7.2.2-4"})
  @CsvSource({
    "one block (7.2.3.1), c107 f248cdc9c90700",
    "in two frames (7.2.3.1), 4103f248cd 8004c9c90700",
    "a stored block (7.2.3.3), c10b 000500faff48656c6c6f00",
    "a final block (7.2.3.4), c108 f348cdc9c9070000",
    "two blocks (7.2.3.5), c10d f24805000000ffffcac9c90700",
    "an empty frame at the end, 4107f248cdc9c90700 8000",
    "an empty frame first, 4100 8007f248cdc9c90700",
    "a final block with nothing behind it, c107 f348cdc9c90700",
    "two final blocks, c10c 0b5500000b5500000b550000",
  })
  void readsAnyFormOfAMessage(String name, String frames) {
    DrivenConnection client = client(NO_TAKEOVER);
    if (name.startsWith("two final")) {
      // Two streams of "H" and one of "ello", each with its own final block.
      client.receive(DrivenConnection.frameFromPeer(Role.CLIENT, 0xc1, finalBlocks("H", "ello")));
    } else {
      client.receive(name.startsWith("two blocks") ? TWO_BLOCKS : frames);
    }
    assertThat(client.events()).containsExactly("text Hello");
    end(client);
  }

  private static final String TWO_BLOCKS = "c10d f24805000000ffffcac9c90700";

  private static byte[] finalBlocks(String... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String part : parts) {
      Deflater deflater = new Deflater(6, true);
      deflater.setInput(part.getBytes(UTF_8));
      deflater.finish();
      byte[] block = new byte[100];
      all.write(block, 0, deflater.deflate(block));
      deflater.end();
    }
    all.write(0);
    return all.toByteArray();
  }

  @Test
  @Rule({"P3", "7692-7.2.2-4"})
  void readsAnEmptyMessage() {
    DrivenConnection client = client(TAKEOVER);
    client.receive("c10100").receive("c20100").receive("c207" + HELLO).receive("c10100");
    client.receive("c100");
    assertThat(client.events())
        .containsExactly("text ", "binary ", "binary 48656c6c6f", "text ", "text ");
    end(client);
  }

  @Test
  @Rule({"P3", "7692-6.2-2"})
  void readsUncompressedMessagesBetween() {
    DrivenConnection client = client(TAKEOVER);
    client.receive("c107" + HELLO).receive("810548656c6c6f").receive("c105" + HELLO_AGAIN);
    assertThat(client.events()).containsExactly("text Hello", "text Hello", "text Hello");
    end(client);
  }

  @Test
  @Rule({"P3", "7692-7.2.2-2", "7692-7.2.2-3"})
  void refersBackToEarlierMessagesWhereThatWasAgreed() {
    DrivenConnection client = client(TAKEOVER);
    client.receive("c107" + HELLO).receive("c105" + HELLO_AGAIN);
    assertThat(client.events()).containsExactly("text Hello", "text Hello");
    end(client);

    DrivenConnection server = server(TAKEOVER);
    server.receiveFrame(0xc1, HELLO).receiveFrame(0xc1, HELLO_AGAIN);
    assertThat(server.events()).containsExactly("text Hello", "text Hello");
    end(server);
  }

  @Test
  @Rule({"P3", "7692-7.2.2-2", "7692-7.2.2-3"})
  void knowsNothingOfEarlierMessagesWhereThatWasAgreed() {
    for (Role role : Role.values()) {
      DrivenConnection connection = role == Role.CLIENT ? client(NO_TAKEOVER) : server(NO_TAKEOVER);
      connection.receiveFrame(0xc1, HELLO).receiveFrame(0xc1, HELLO_AGAIN);
      assertThat(connection.events()).startsWith("text Hello", "closing");
      // Masked with 37fa213d, the code 03ef is 3415.
      assertThat(connection.sent()).contains(role == Role.CLIENT ? "3415" : "03ef");
      connection.connection.abort(null);
      assertThat(connection.events()).last().asString().contains("expected DEFLATE data");
    }
  }

  @Test
  @Rule({"P3", "7692-7.2.2-4"})
  void refersBackBehindAFinalBlockToo() {
    DrivenConnection client = client(TAKEOVER);
    client.receive("c108 f348cdc9c9070000").receive("c105" + HELLO_AGAIN);
    assertThat(client.events()).containsExactly("text Hello", "text Hello");
    end(client);
  }

  @Test
  @Rule("P3")
  void controlFramesComeBetweenFragments() {
    DrivenConnection client = client(NO_TAKEOVER);
    client.receive("4103f248cd").receive("8a0161").receive("8004c9c90700");
    assertThat(client.events()).containsExactly("pong 61", "text Hello");
    end(client);
  }

  @Test
  @Rule("P3")
  void buffersOutsideTheHeapAreRead() {
    DrivenConnection server = server(NO_TAKEOVER);
    byte[] text = Samples.text(new Random(1), 200_000).getBytes(UTF_8);
    byte[] noise = new byte[50_000];
    new Random(2).nextBytes(noise);
    for (byte[] message : new byte[][] {text, noise}) {
      byte[] frame = masked(DrivenConnection.frameFromPeer(Role.SERVER, 0xc2, deflate(message)));
      ByteBuffer direct = ByteBuffer.allocateDirect(frame.length).put(frame).flip();
      server.connection.receive(direct);
      assertThat(server.events())
          .containsExactly("binary " + DrivenConnection.HEX.formatHex(message));
    }
    end(server);
  }

  private static byte[] masked(byte[] frame) {
    int start = (frame[1] & 0x7f) == 127 ? 10 : 4;
    byte[] mask = {1, 2, 3, 4};
    System.arraycopy(mask, 0, frame, start, 4);
    for (int i = start + 4; i < frame.length; i++) {
      frame[i] ^= mask[(i - start) % 4];
    }
    return frame;
  }

  @ParameterizedTest(name = "{0}")
  @Rule({"P3", "7692-6-2"})
  @CsvSource({
    "a ping, c90548656c6c6f, no reserved bits in a control frame",
    "a Close, c800, no reserved bits in a control frame",
    "a later fragment, 4103f248cd c004c9c90700, no reserved bits in a continuation frame",
    "a later fragment of a plain message, 010148 c00169, no reserved bits in a continuation frame",
    "a bit that nobody negotiated, a10548656c6c6f, reserved bits that were negotiated",
    "the compressed bit and another, d107f248cdc9c90700, reserved bits that were negotiated",
  })
  void aReservedBitElsewhereFails(String name, String frames, String expected) {
    DrivenConnection client = client(TAKEOVER);
    client.receive(frames);
    assertThat(client.events()).containsExactly("closing", "shutdownOutput");
    assertThat(client.sent()).startsWith("889037fa213d34");
    client.connection.abort(null);
    assertThat(client.events()).last().asString().contains("expected " + expected);
  }

  @Test
  @Rule({"P3", "7692-6-2"})
  void withoutCompressionTheBitFails() {
    DrivenConnection client = DrivenConnection.client();
    client.receive("c107" + HELLO);
    assertThat(client.events()).containsExactly("closing", "shutdownOutput");
    client.connection.abort(null);
    assertThat(client.events())
        .last()
        .asString()
        .endsWith("expected reserved bits that were negotiated but was bits 0x40");
  }

  @ParameterizedTest(name = "{0}")
  @Rule("P3")
  @CsvSource({
    "a block of the reserved type, c10407000000, expected DEFLATE data",
    "a stored block whose lengths differ, c10b 000500000048656c6c6f00, expected DEFLATE data",
    "a reference to nothing, c105f200110000, expected DEFLATE data",
    "a block that is cut off, c103f248cd, ends within a block",
    "a stored block that is cut off, c107 000500faff4865, ends within a block",
    "a tail that was left on, c10b f248cdc9c907000000ffff, ends within a block",
  })
  void whatIsNoDeflateDataFailsWith1007(String name, String frames, String expected) {
    DrivenConnection client = client(NO_TAKEOVER);
    client.receive(frames);
    assertThat(client.events()).containsExactly("closing", "shutdownOutput");
    // Masked with 37fa213d, the code 03ef is 3415.
    assertThat(client.sent().substring(12)).startsWith("3415");
    client.connection.abort(null);
    assertThat(client.events()).last().asString().contains(expected);
  }

  @Test
  @Rule({"P1", "P3"})
  void textThatIsNotUtf8FailsBeforeTheMessageEnds() {
    DrivenConnection client = client(NO_TAKEOVER);
    byte[] bad =
        ("x".repeat(100) + "\u00ff").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    byte[] compressed = deflate(bad);
    client.receive(DrivenConnection.frameFromPeer(Role.CLIENT, 0x41, compressed));
    assertThat(client.events()).containsExactly("closing", "shutdownOutput");
    client.connection.abort(null);
    assertThat(client.events()).last().asString().contains("byte 0xff at offset 100");
    client.sent();
  }

  @Test
  @Rule("P3")
  void charactersAreCutAnywhere() {
    String text = "é€😀".repeat(100);
    byte[] compressed = deflate(text.getBytes(UTF_8));
    DrivenConnection server = server(TAKEOVER);
    for (byte b : DrivenConnection.frameFromPeer(Role.SERVER, 0xc1, compressed)) {
      server.receive(new byte[] {b});
    }
    assertThat(server.events()).containsExactly("text " + text);
    end(server);
  }

  // Limits.

  @Test
  @Rule({"P3", "P4"})
  void theLimitIsOnWhatWasInflated() {
    Limits limits = Limits.server().withMaxMessageBytes(1000);
    DrivenConnection server = server(NO_TAKEOVER, limits);
    byte[] most = new byte[1000];
    server.receive(DrivenConnection.frameFromPeer(Role.SERVER, 0xc2, deflate(most)));
    assertThat(server.events()).containsExactly("binary " + "00".repeat(1000));
    server.receive(DrivenConnection.frameFromPeer(Role.SERVER, 0xc2, deflate(new byte[1001])));
    assertThat(server.events()).containsExactly("closing", "shutdownOutput");
    assertThat(server.sent()).startsWith("881103f1");
    server.connection.abort(null);
    assertThat(server.events())
        .last()
        .asString()
        .contains("expected a message of at most 1000 bytes but was more, inflated from");
  }

  @Test
  @Rule({"P3", "P4"})
  void aMessageOfTheLimitIsTakenAlsoWhereItDoesNotCompress() {
    int most = 1 << 20;
    byte[] noise = new byte[most];
    new Random(9).nextBytes(noise);
    byte[] compressed = deflate(noise);
    assertThat(compressed.length).isGreaterThan(most);
    DrivenConnection server = server(NO_TAKEOVER, Limits.server().withMaxMessageBytes(most));
    server.receive(DrivenConnection.frameFromPeer(Role.SERVER, 0xc2, compressed));
    assertThat(server.events()).hasSize(1).first().asString().startsWith("binary ");
    end(server);
  }

  @Test
  @Rule({"P3", "P5"})
  void compressedFragmentsAreChargedToo() {
    DrivenConnection server = server(NO_TAKEOVER, Limits.server().withMaxMessageBytes(1000));
    server.receive(DrivenConnection.frameFromPeer(Role.SERVER, 0x42, new byte[0]));
    for (int i = 0; i < 17; i++) {
      server.receive(DrivenConnection.frameFromPeer(Role.SERVER, 0x00, new byte[0]));
    }
    // 17 fragments of 64 bytes each; a limit of 1000 allows 1079 compressed bytes.
    assertThat(server.events()).containsExactly("closing", "shutdownOutput");
    assertThat(server.sent()).startsWith("881103f1");
    server.connection.abort(null);
    assertThat(server.events()).last().asString().contains("0 bytes in 17 fragments");
  }

  @ParameterizedTest
  @Rule({"P3", "P4"})
  @ValueSource(booleans = {false, true})
  void aBombOfTenGibibytesCostsNoMoreThanTheLimit(boolean takeover) {
    Limits limits = Limits.server().withMaxMessageBytes(1 << 24);
    byte[] mebibyte = zeros(1 << 20);
    long seen = 10L * 1024 * mebibyte.length;
    byte[] header = DrivenConnection.frameFromPeer(Role.SERVER, 0xc2, new byte[70_000]);
    ByteBuffer start = ByteBuffer.wrap(Arrays.copyOf(header, 14)).putLong(2, seen);
    DrivenConnection warm = server(NO_TAKEOVER, limits);
    warm.receive(DrivenConnection.frameFromPeer(Role.SERVER, 0xc2, deflate(new byte[100])));
    warm.events();

    Compression compression =
        Compression.ofServer(
            pool,
            takeover ? TAKEOVER : NO_TAKEOVER,
            CompressionOptions.server().withTakeover(takeover, takeover));
    Connection server =
        new Connection(
            Role.SERVER, limits, compression, () -> 0, DrivenConnection.server(), new NoEvents());
    server.receive(start.position(0));
    int[] given = {0};
    long bytes =
        Allocation.by(
            () -> {
              for (; given[0] < 10 * 1024 && server.isOpen(); given[0]++) {
                server.receive(ByteBuffer.wrap(mebibyte));
              }
            });
    assertThat(server.isOpen()).isFalse();
    assertThat(given[0]).as("mebibytes until it failed").isEqualTo(17);
    assertThat(bytes).as("bytes allocated").isLessThan((16 << 20) + (1 << 20));
    server.abort(null);
    server.transportClosed(null);
    end(warm);
  }

  private static byte[] zeros(int count) {
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(new byte[count]);
    byte[] out = new byte[count];
    int length = deflater.deflate(out, 0, out.length, Deflater.FULL_FLUSH);
    deflater.end();
    return Arrays.copyOf(out, length);
  }

  @Test
  @Rule({"P3", "P5"})
  void aFloodOfFinalBlocksEnds() {
    DrivenConnection client = client(NO_TAKEOVER);
    byte[] blocks = new byte[1 << 20];
    for (int i = 0; i < blocks.length; i += 2) {
      blocks[i] = 3;
    }
    client.receive(DrivenConnection.frameFromPeer(Role.CLIENT, 0xc2, blocks));
    assertThat(client.events()).containsExactly("closing", "shutdownOutput");
    client.connection.abort(null);
    assertThat(client.events()).last().asString().contains("at most 4096 final blocks");
    client.sent();
  }

  @Test
  @Rule({"P3", "H4", "H6"})
  void whatIsDiscardedIsNotInflated() {
    DrivenConnection client = client(TAKEOVER);
    client.receive("4103f248cd");
    assertThat(pool.open()).isEqualTo(1);
    client.connection.close(dev.weir.protocol.close.CloseStatus.NONE);
    client.receive("8004ffffffff").receive("c10407000000");
    assertThat(client.events()).containsExactly("closing");
    client.receive("8800");
    client.inputShut();
    assertThat(client.events()).last().asString().startsWith("closed clean 1005");
    client.sent();
  }

  // Sending.

  @Test
  @Rule({"P3", "7692-6-1", "7692-6.1-1", "7692-7.2.1-1"})
  void sendsTheExamplesOfTheStandard() {
    DrivenConnection server = server(TAKEOVER);
    server.connection.sendText("Hello", null);
    server.connection.sendText("Hello", null);
    assertThat(server.sent()).isEqualTo("c107" + HELLO + "c105" + HELLO_AGAIN);
    end(server);

    DrivenConnection client = client(TAKEOVER);
    client.connection.sendText("Hello", null);
    assertThat(client.sent()).isEqualTo("c18737fa213d" + "c5b2ecf4fefd21");
    end(client);
  }

  @Test
  @Rule({"P3", "7692-6-1", "7692-6.1-1"})
  void onlyTheFirstOfManyFragmentsHasTheBit() {
    DrivenConnection server = server(TAKEOVER, Limits.server().withFragmentSize(3));
    server.connection.sendText("Hello", null);
    assertThat(server.sent()).isEqualTo("4103f248cd" + "0003c9c907" + "800100");
    end(server);
  }

  @Test
  @Rule({"P3", "7692-6-1", "B1"})
  void controlFramesGoBetweenFragmentsWithoutTheBit() {
    DrivenConnection server = server(TAKEOVER, Limits.server().withFragmentSize(3));
    server.reacting(event -> {});
    server.unwritable();
    server.connection.sendText("Hello", null);
    server.connection.sendPing(new byte[] {0x61});
    server.writable();
    assertThat(server.sent()).isEqualTo("890161" + "4103f248cd" + "0003c9c907" + "800100");
    end(server);
  }

  @Test
  @Rule({"P3", "7692-6.1-2"})
  void sendsShortMessagesAndThoseThatOptOutAsTheyAre() {
    Compression compression =
        Compression.ofServer(pool, NO_TAKEOVER, CompressionOptions.server().withThreshold(10));
    DrivenConnection server = DrivenConnection.of(Role.SERVER, Limits.server(), compression);
    server.connection.sendText("a".repeat(9), null);
    server.connection.sendBinary(new byte[9], null);
    assertThat(server.sent()).isEqualTo("8109" + "61".repeat(9) + "8209" + "00".repeat(9));
    server.connection.sendText("a".repeat(10), null);
    server.connection.sendBinary(new byte[10], null);
    assertThat(server.sent()).startsWith("c1").contains("c2");
    server.connection.sendText("a".repeat(10), false, null);
    server.connection.sendBinary(new byte[10], false, null);
    assertThat(server.sent()).isEqualTo("810a" + "61".repeat(10) + "820a" + "00".repeat(10));
    end(server);
  }

  @Test
  @Rule({"P3", "7692-6.1-2"})
  void anEmptyMessageIsSentAsItIs() {
    DrivenConnection server = server(TAKEOVER);
    server.connection.sendText("", null);
    server.connection.sendBinary(new byte[0], null);
    assertThat(server.sent()).isEqualTo("81008200");
    end(server);
  }

  @Test
  @Rule({"P3", "H2"})
  void whatWasNotSentIsDroppedWithWhatWasHeld() {
    DrivenConnection server = server(TAKEOVER, Limits.server().withFragmentSize(10));
    server.reacting(event -> {});
    server.unwritable();
    server.connection.sendText("Hello ".repeat(100), server.delivery("one"));
    server.connection.sendText("Hello ".repeat(100), server.delivery("two"));
    assertThat(server.connection.queuedBytes()).isEqualTo(1200);
    end(server);
    assertThat(server.connection.queuedBytes()).isZero();
  }

  private static byte[] deflate(byte[] message) {
    Deflater deflater = new Deflater(6, true);
    deflater.setInput(message);
    byte[] out = new byte[message.length + message.length / 8 + 100];
    int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
    deflater.end();
    return Arrays.copyOf(out, length - 4);
  }
}
