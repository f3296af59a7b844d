package dev.weir.protocol.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.protocol.close.AbnormalClosure;
import dev.weir.protocol.close.CloseCode;
import dev.weir.protocol.close.CloseOutcome;
import dev.weir.protocol.close.ProtocolViolation;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a peer sends, the connection ends, and in one of the documented ways. */
@Rule({"P1", "6455-10.7-1"})
class FuzzTest {
  private static final Limits SMALL =
      Limits.server().withMaxMessageBytes(500).withMaxFrameBytes(400).withMaxFragments(10);

  @Test
  void noiseEndsInADocumentedWay() {
    for (long seed = 0; seed < 6_000; seed++) {
      Random random = new Random(seed);
      Role role = random.nextBoolean() ? Role.CLIENT : Role.SERVER;
      assertEndsAsDocumented(seed, random, role, new Sessions(random, role).noise());
    }
  }

  @Test
  void mutatedSessionsEndInADocumentedWay() {
    for (long seed = 0; seed < 6_000; seed++) {
      Random random = new Random(seed);
      Role role = random.nextBoolean() ? Role.CLIENT : Role.SERVER;
      assertEndsAsDocumented(seed, random, role, new Sessions(random, role).mutated());
    }
  }

  private static void assertEndsAsDocumented(long seed, Random random, Role role, byte[] session) {
    DrivenConnection connection =
        role == Role.CLIENT ? DrivenConnection.client(SMALL) : DrivenConnection.server(SMALL);
    ByteBuffer in =
        random.nextBoolean()
            ? ByteBuffer.wrap(session)
            : ByteBuffer.allocateDirect(session.length).put(session).flip();
    while (in.hasRemaining()) {
      int length = 1 + random.nextInt(in.remaining());
      ByteBuffer piece = in.slice(in.position(), length);
      connection.connection.receive(piece);
      assertThat(piece.hasRemaining()).as("seed %d: bytes left over", seed).isFalse();
      in.position(in.position() + length);
    }
    connection.settle();
    connection.inputShut();
    List<String> events = connection.events();
    assertThat(connection.isClosed()).as("seed %d: closed after %s", seed, events).isTrue();
    assertThat(events).filteredOn("closing"::equals).as("seed %d", seed).hasSize(1);
    CloseOutcome outcome = connection.outcome();
    if (outcome.clean()) {
      assertThat(outcome.code() == CloseCode.NO_STATUS || CloseCode.mayTravel(outcome.code()))
          .as("seed %d: %s", seed, outcome)
          .isTrue();
      assertThat(outcome.cause()).isNull();
    } else {
      assertThat(outcome.code()).as("seed %d", seed).isEqualTo(CloseCode.ABNORMAL);
      assertThat(outcome.cause())
          .as("seed %d", seed)
          .isInstanceOfAny(ProtocolViolation.class, AbnormalClosure.class);
    }
    List<String> sent = FrameText.read(connection.sentBytes(), role);
    for (int i = 0; i < sent.size() - 1; i++) {
      assertThat(sent.get(i)).as("seed %d: only pongs before the Close", seed).startsWith("PONG!");
    }
  }
}
