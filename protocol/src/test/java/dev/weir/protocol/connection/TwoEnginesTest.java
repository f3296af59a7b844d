package dev.weir.protocol.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.protocol.close.CloseOutcome;
import dev.weir.protocol.close.CloseStatus;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A client and a server joined by pipes that cut the bytes anywhere: whatever they send, and
 * whenever they close, both end, and agree on how.
 */
class TwoEnginesTest {
  private static final int STEPS_AT_MOST = 200_000;

  @Test
  @Rule({"H1", "H2", "H3", "H5", "C6", "6455-5.4-2", "6455-5.5.1-4"})
  void whateverIsSentBothEndAndAgree() {
    int clean = 0;
    int dropped = 0;
    for (long seed = 0; seed < 1500; seed++) {
      Random random = new Random(seed);
      End client = new End(Role.CLIENT, random);
      End server = new End(Role.SERVER, random);
      client.peer = server;
      server.peer = client;
      run(seed, random, client, server);
      assertAgreed(seed, client, server);
      clean += client.outcome.clean() && server.outcome.clean() ? 1 : 0;
      dropped += client.dropped + server.dropped > 0 ? 1 : 0;
    }
    // The seeds must reach both the good end and the one that loses data.
    assertThat(clean).isGreaterThan(200);
    assertThat(dropped).isGreaterThan(50);
  }

  private static void run(long seed, Random random, End client, End server) {
    int talk = random.nextInt(60);
    for (int step = 0; client.outcome == null || server.outcome == null; step++) {
      assertThat(step).as("seed %d: steps until both ended", seed).isLessThan(STEPS_AT_MOST);
      End end = random.nextBoolean() ? client : server;
      if (step < talk) {
        end.talk();
      } else if (step == talk) {
        end.connection.close(new CloseStatus(end.ownCode, "r" + end.ownCode));
        if (random.nextInt(4) == 0) {
          end.peer.connection.close(new CloseStatus(end.peer.ownCode, "r" + end.peer.ownCode));
        }
      }
      end.move();
    }
  }

  private static void assertAgreed(long seed, End client, End server) {
    for (End end : new End[] {client, server}) {
      CloseOutcome outcome = end.outcome;
      // An answer carries the code of the Close that it answers.
      assertThat(outcome.code()).as("seed %d: %s", seed, outcome).isIn(4000, 4001);
      assertThat(outcome.reason()).as("seed %d", seed).isEqualTo("r" + outcome.code());
      assertThat(outcome.clean())
          .as("seed %d: clean, with %d dropped: %s", seed, end.dropped, outcome)
          .isEqualTo(end.droppedAccepted == 0);
      // What was handed over arrived, in order, unless the receiver was closing already.
      List<String> heard = end.peer.heard;
      assertThat(end.handedOver.size()).isGreaterThanOrEqualTo(heard.size());
      assertThat(heard).as("seed %d", seed).isEqualTo(end.handedOver.subList(0, heard.size()));
      if (!end.peer.closedFirst) {
        assertThat(heard).as("seed %d", seed).isEqualTo(end.handedOver);
      }
      assertThat(end.connection.queuedBytes()).isZero();
    }
  }

  /** One end: its connection, the bytes on their way to the peer, and what it saw. */
  private static final class End extends NoEvents implements ConnectionOutput {
    private final Random random;
    private final Connection connection;
    private final int ownCode;
    private final int highMark;
    private End peer;

    // The transport.
    private final ByteArrayOutputStream unsent = new ByteArrayOutputStream();
    private ByteBuffer room = ByteBuffer.allocate(0);
    private boolean finQueued;
    private boolean finSent;
    private boolean transportGone;
    private boolean wasUnwritable;

    // What was seen.
    private final List<String> handedOver = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private int dropped;
    private int droppedAccepted;
    private boolean closedFirst;
    private CloseOutcome outcome;

    private End(Role role, Random random) {
      this.random = random;
      this.ownCode = role == Role.CLIENT ? 4000 : 4001;
      this.highMark = 1 + random.nextInt(400);
      Limits limits = Limits.client().withFragmentSize(1 + random.nextInt(60));
      this.connection = new Connection(role, limits, random::nextInt, this, this);
    }

    private void talk() {
      switch (random.nextInt(6)) {
        case 0 -> connection.sendPing(new byte[random.nextInt(126)]);
        case 1 -> connection.sendPong(new byte[random.nextInt(10)]);
        case 2, 3 -> {
          String text = "é€😀 text".repeat(random.nextInt(30));
          connection.sendText(text, delivery(text));
        }
        default -> {
          byte[] payload = new byte[random.nextInt(300)];
          random.nextBytes(payload);
          connection.sendBinary(payload, delivery(Arrays.toString(payload)));
        }
      }
    }

    private Delivery delivery(String message) {
      boolean accepted = connection.isOpen();
      return new Delivery() {
        @Override
        public void handedOver() {
          handedOver.add(message);
        }

        @Override
        public void dropped() {
          dropped++;
          droppedAccepted += accepted ? 1 : 0;
        }
      };
    }

    /** Moves some bytes on to the peer, and tells this end what became of its output. */
    private void move() {
      byte[] bytes = unsent.toByteArray();
      if (bytes.length > 0) {
        int count = 1 + random.nextInt(bytes.length);
        unsent.reset();
        unsent.write(bytes, count, bytes.length - count);
        peer.connection.receive(ByteBuffer.wrap(Arrays.copyOf(bytes, count)));
        if (unsent.size() == 0) {
          connection.outputFlushed();
        }
        if (wasUnwritable && isWritable()) {
          wasUnwritable = false;
          connection.outputWritable();
        }
      } else if (finQueued && !finSent) {
        finSent = true;
        peer.connection.inputShut();
      }
    }

    @Override
    public ByteBuffer reserve(int bytes) {
      room = random.nextBoolean() ? ByteBuffer.allocate(bytes) : ByteBuffer.allocateDirect(bytes);
      return room;
    }

    @Override
    public void commit(int bytes) {
      assertThat(finQueued).as("output after its end").isFalse();
      byte[] committed = new byte[bytes];
      room.get(0, committed);
      unsent.writeBytes(committed);
    }

    @Override
    public boolean isWritable() {
      boolean writable = unsent.size() < highMark;
      wasUnwritable |= !writable;
      return writable;
    }

    @Override
    public void shutdownOutput() {
      finQueued = true;
    }

    @Override
    public void closeTransport() {
      assertThat(unsent.size()).as("bytes thrown away").isZero();
      transportGone = true;
      finQueued = true;
      connection.transportClosed(null);
    }

    @Override
    public void textReceived(String text) {
      heard.add(text);
    }

    @Override
    public void binaryReceived(byte[] payload) {
      heard.add(Arrays.toString(payload));
    }

    @Override
    public void closingStarted() {
      closedFirst = !closeSeen;
    }

    private boolean closeSeen;

    @Override
    public void closeReceived(CloseStatus status) {
      closeSeen = true;
    }

    @Override
    public void closed(CloseOutcome how) {
      assertThat(outcome).as("closed twice").isNull();
      assertThat(transportGone).isTrue();
      outcome = how;
    }
  }
}
