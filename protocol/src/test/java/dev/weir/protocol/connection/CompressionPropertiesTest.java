package dev.weir.protocol.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.protocol.close.CloseOutcome;
import dev.weir.protocol.deflate.Compression;
import dev.weir.protocol.deflate.CompressionOptions;
import dev.weir.protocol.deflate.DeflatePool;
import dev.weir.protocol.deflate.MessageDeflater;
import dev.weir.protocol.deflate.Samples;
import dev.weir.protocol.handshake.Agreement;
import dev.weir.protocol.handshake.Extension;
import dev.weir.protocol.handshake.PerMessageDeflate;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A client and a server with any options, joined by pipes that cut the bytes anywhere: what one
 * sends is what the other receives. And whatever a peer sends, nothing but a Close comes of it.
 */
class CompressionPropertiesTest {
  @Test
  @Rule({"P3", "P3a", "7692-6.1-1", "7692-6.2-1", "7692-7.2.2-2", "7692-7.2.2-3"})
  void whateverWasAgreedMessagesArriveAsTheyWere() {
    int compressed = 0;
    for (long seed = 0; seed < 150; seed++) {
      Random random = new Random(seed);
      DeflatePool pool = new DeflatePool();
      CompressionOptions clientOptions = options(random);
      CompressionOptions serverOptions = options(random);
      Extension offer = PerMessageDeflate.offer(clientOptions);
      Extension answer = PerMessageDeflate.accept(List.of(offer), serverOptions).orElseThrow();
      var terms = PerMessageDeflate.terms(new Agreement("", List.of(answer))).orElseThrow();
      End client = new End(Role.CLIENT, random, Compression.ofClient(pool, terms, clientOptions));
      End server = new End(Role.SERVER, random, Compression.ofServer(pool, terms, serverOptions));
      client.peer = server;
      server.peer = client;
      for (int i = 0; i < 12; i++) {
        (random.nextBoolean() ? client : server).talk();
        client.move();
        server.move();
      }
      while (client.unsent.size() + server.unsent.size() > 0) {
        client.move();
        server.move();
      }
      client.connection.transportClosed(null);
      server.connection.transportClosed(null);
      String course = "seed %d: %s, %s, %s".formatted(seed, answer, client.how, server.how);
      // The messages themselves would fill pages.
      assertThat(client.heard.equals(server.said)).as(course).isTrue();
      assertThat(server.heard.equals(client.said)).as(course).isTrue();
      compressed +=
          client.sentBytes + server.sentBytes < client.saidBytes + server.saidBytes ? 1 : 0;
      assertThat(pool.open()).as("seed %d", seed).isZero();
    }
    assertThat(compressed).isGreaterThan(75);
  }

  private static CompressionOptions options(Random random) {
    return CompressionOptions.client()
        .withTakeover(random.nextBoolean(), random.nextBoolean())
        .withWindowBits(
            random.nextBoolean() ? 15 : 9 + random.nextInt(7),
            random.nextBoolean() ? 15 : 9 + random.nextInt(7))
        .withThreshold(random.nextInt(100))
        .withLevel(1 + random.nextInt(9));
  }

  @Test
  @Rule({"P3", "6455-10.7-1"})
  void whateverIsSentNothingIsThrownAndNothingIsLeft() {
    int failed = 0;
    for (long seed = 0; seed < 1500; seed++) {
      Random random = new Random(seed);
      DeflatePool pool = new DeflatePool();
      CompressionOptions options = options(random);
      boolean takeover = random.nextBoolean();
      var terms =
          new dev.weir.protocol.deflate.DeflateTerms(takeover, takeover, 15, 9 + random.nextInt(7));
      DrivenConnection server =
          DrivenConnection.of(
              Role.SERVER,
              Limits.server().withMaxMessageBytes(100_000),
              Compression.ofServer(pool, terms, options));
      for (int i = 0; i < 5; i++) {
        byte[] message = Samples.bytes(random, random.nextInt(1000));
        Compression sender = Compression.ofClient(new DeflatePool(), terms, options);
        MessageDeflater deflater = sender.deflater();
        deflater.deflate(message, 0, message.length);
        byte[] payload = Arrays.copyOf(deflater.output(), Math.max(0, deflater.outputBytes()));
        sender.release();
        for (int j = random.nextInt(3); j > 0 && payload.length > 0; j--) {
          payload[random.nextInt(payload.length)] ^= (byte) (1 << random.nextInt(8));
        }
        if (random.nextInt(5) == 0) {
          payload = Arrays.copyOf(payload, random.nextInt(payload.length + 1));
        }
        server.receive(DrivenConnection.frameFromPeer(Role.SERVER, 0xc2, payload));
      }
      server.inputShut();
      assertThat(server.isClosed()).as("seed %d", seed).isTrue();
      failed += server.outcome().cause() == null ? 0 : 1;
      assertThat(pool.open()).as("seed %d", seed).isZero();
    }
    assertThat(failed).isGreaterThan(150);
  }

  /** One end: its connection, the bytes on their way to the peer, and what it saw. */
  private static final class End extends NoEvents implements ConnectionOutput {
    private final Random random;
    private final Connection connection;
    private final int highMark;
    private End peer;

    private final ByteArrayOutputStream unsent = new ByteArrayOutputStream();
    private ByteBuffer room = ByteBuffer.allocate(0);
    private boolean wasUnwritable;

    private final List<String> said = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private CloseOutcome how;
    private long saidBytes;
    private long sentBytes;

    private End(Role role, Random random, Compression compression) {
      this.random = random;
      this.highMark = 1 + random.nextInt(4000);
      Limits limits =
          Limits.client().withFragmentSize(1 + random.nextInt(random.nextBoolean() ? 60 : 100_000));
      this.connection = new Connection(role, limits, compression, random::nextInt, this, this);
    }

    private void talk() {
      int length = random.nextInt(random.nextInt(8) == 0 ? 150_000 : 2_000);
      boolean compress = random.nextInt(5) != 0;
      if (random.nextInt(4) == 0) {
        connection.sendPing(new byte[random.nextInt(126)]);
      }
      if (random.nextBoolean()) {
        String text = Samples.text(random, length);
        connection.sendText(text, compress, null);
        said.add(text);
        saidBytes += text.getBytes(UTF_8).length;
      } else {
        byte[] bytes = Samples.bytes(random, length);
        connection.sendBinary(bytes, compress, null);
        said.add(DrivenConnection.HEX.formatHex(bytes));
        saidBytes += length;
      }
    }

    private void move() {
      byte[] bytes = unsent.toByteArray();
      if (bytes.length > 0) {
        int count = 1 + random.nextInt(bytes.length);
        unsent.reset();
        unsent.write(bytes, count, bytes.length - count);
        ByteBuffer moved = ByteBuffer.wrap(Arrays.copyOf(bytes, count));
        peer.connection.receive(random.nextBoolean() ? moved : moved.asReadOnlyBuffer());
        if (wasUnwritable && isWritable()) {
          wasUnwritable = false;
          connection.outputWritable();
        }
      }
    }

    @Override
    public ByteBuffer reserve(int bytes) {
      room = random.nextBoolean() ? ByteBuffer.allocate(bytes) : ByteBuffer.allocateDirect(bytes);
      return room;
    }

    @Override
    public void commit(int bytes) {
      byte[] committed = new byte[bytes];
      room.get(0, committed);
      unsent.writeBytes(committed);
      sentBytes += bytes;
    }

    @Override
    public boolean isWritable() {
      boolean writable = unsent.size() < highMark;
      wasUnwritable |= !writable;
      return writable;
    }

    @Override
    public void shutdownOutput() {}

    @Override
    public void closeTransport() {}

    @Override
    public void closed(CloseOutcome outcome) {
      how = outcome;
    }

    @Override
    public void textReceived(String text) {
      heard.add(text);
    }

    @Override
    public void binaryReceived(byte[] payload) {
      heard.add(DrivenConnection.HEX.formatHex(payload));
    }
  }
}
