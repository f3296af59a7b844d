package dev.weir.protocol.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.protocol.frame.FrameEncoder;
import dev.weir.protocol.frame.Mask;
import dev.weir.protocol.frame.Opcode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Large messages that a driver receives where they belong, without a copy. */
@Rule("P1")
class InPlaceTest {
  private static final int LARGE = 300_000;

  private final List<Object> messages = new ArrayList<>();
  private final List<String> pings = new ArrayList<>();

  private Connection connection(Role role, Limits limits) {
    return new Connection(
        role,
        limits,
        () -> DrivenConnection.MASK,
        new Discarding(),
        new NoEvents() {
          @Override
          public void textReceived(String text) {
            messages.add(text);
          }

          @Override
          public void binaryReceived(byte[] payload) {
            messages.add(payload);
          }

          @Override
          public void pingReceived(byte[] payload) {
            pings.add(DrivenConnection.HEX.formatHex(payload));
          }
        });
  }

  @Test
  void whereBytesAreReceivedMakesNoDifferenceToWhatTheyMean() {
    for (long seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      Role role = random.nextBoolean() ? Role.SERVER : Role.CLIENT;
      messages.clear();
      List<Object> expected = new ArrayList<>();
      byte[] session = session(random, role, expected);
      int inPlace = feed(connection(role, Limits.server()), session, random);
      assertThat(inPlace).as("seed %d: bytes received in place", seed).isPositive();
      assertThat(messages).as("seed %d", seed).hasSameSizeAs(expected);
      for (int i = 0; i < expected.size(); i++) {
        assertThat(messages.get(i)).as("seed %d, message %d", seed, i).isEqualTo(expected.get(i));
      }
    }
  }

  /** Some of it in buffers, some of it in place, as they come; how many bytes in place. */
  private static int feed(Connection connection, byte[] session, Random random) {
    int inPlace = 0;
    int at = 0;
    while (at < session.length) {
      int count = Math.min(1 + random.nextInt(100_000), session.length - at);
      ByteBuffer place = random.nextInt(4) == 0 ? null : connection.payloadPlace();
      ByteBuffer bytes;
      if (place == null) {
        bytes = ByteBuffer.wrap(Arrays.copyOfRange(session, at, at + count));
      } else {
        count = Math.min(count, place.remaining());
        int start = place.position();
        bytes = place.put(session, at, count).limit(start + count).position(start);
        inPlace += count;
      }
      connection.receive(bytes);
      assertThat(bytes.remaining()).isZero();
      at += count;
    }
    return inPlace;
  }

  private static byte[] session(Random random, Role receiver, List<Object> expected) {
    var session = new ByteArrayOutputStream();
    for (int i = 0; i < 6; i++) {
      boolean text = random.nextBoolean();
      byte[] payload = new byte[random.nextInt(i == 3 ? 1_000_000 : LARGE) + (i == 3 ? LARGE : 0)];
      if (text) {
        // Characters of three bytes, so that many cuts are inside one.
        byte[] euros = "€".repeat(payload.length / 3 + 1).getBytes(StandardCharsets.UTF_8);
        payload = euros;
        expected.add(new String(payload, StandardCharsets.UTF_8));
      } else {
        random.nextBytes(payload);
        expected.add(payload);
      }
      int fragment = random.nextBoolean() ? payload.length + 1 : 1 + random.nextInt(200_000);
      int from = 0;
      do {
        int count = Math.min(fragment, payload.length - from);
        Opcode opcode = from > 0 ? Opcode.CONTINUATION : text ? Opcode.TEXT : Opcode.BINARY;
        boolean fin = from + count == payload.length;
        frame(session, receiver, fin, opcode, Arrays.copyOfRange(payload, from, from + count));
        from += count;
      } while (from < payload.length);
    }
    return session.toByteArray();
  }

  private static void frame(
      ByteArrayOutputStream out, Role receiver, boolean fin, Opcode opcode, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(payload.length + 14);
    if (receiver == Role.SERVER) {
      FrameEncoder.putMaskedHeader(frame, fin, 0, opcode, payload.length, DrivenConnection.MASK);
      Mask.copy(payload, 0, payload.length, frame, DrivenConnection.MASK);
    } else {
      FrameEncoder.putHeader(frame, fin, 0, opcode, payload.length);
      frame.put(payload);
    }
    out.write(frame.array(), 0, frame.position());
  }

  @Test
  void aLargeMessageHasAPlaceOfTwiceWhatHasArrivedOfItAtMost() {
    Connection server = connection(Role.SERVER, Limits.server());
    assertThat(server.payloadPlace()).isNull();
    byte[] message = framed(Opcode.BINARY, new byte[LARGE]);
    server.receive(ByteBuffer.wrap(message, 0, 14));
    assertThat(server.payloadPlace()).as("nothing has arrived").isNull();
    server.receive(ByteBuffer.wrap(message, 14, 60_000));
    ByteBuffer place = server.payloadPlace();
    assertThat(place).isNotNull();
    assertThat(place.remaining()).isBetween(32 * 1024, 60_000);
  }

  @Test
  void whoHasSentAsMuchBeforeIsBelievedAHeader() {
    Connection server = connection(Role.SERVER, Limits.server());
    byte[] message = framed(Opcode.BINARY, new byte[LARGE]);
    server.receive(ByteBuffer.wrap(message));
    server.receive(ByteBuffer.wrap(message, 0, 14));
    ByteBuffer place = server.payloadPlace();
    assertThat(place).isNotNull();
    assertThat(place.remaining()).isEqualTo(LARGE);
  }

  @Test
  void thereIsNoPlaceForWhatIsSmallOrUnwanted() {
    Connection server = connection(Role.SERVER, Limits.server());
    byte[] message = framed(Opcode.BINARY, new byte[LARGE]);
    server.receive(ByteBuffer.wrap(message));
    int most = message.length - 1000;
    server.receive(ByteBuffer.wrap(message, 0, most));
    assertThat(server.payloadPlace()).as("a thousand bytes are missing").isNull();
    server.receive(ByteBuffer.wrap(message, most, 1000));
    assertThat(messages).hasSize(2);
    // A ping has begun.
    server.receive(ByteBuffer.wrap(framed(Opcode.PING, new byte[100]), 0, 50));
    assertThat(server.payloadPlace()).as("for a ping").isNull();
    server.receive(ByteBuffer.wrap(framed(Opcode.PING, new byte[100]), 50, 56));
    assertThat(pings).hasSize(1);
    server.receive(ByteBuffer.wrap(message, 0, LARGE / 2));
    assertThat(server.payloadPlace()).isNotNull();
    server.hold(true);
    assertThat(server.payloadPlace()).as("while it is held").isNull();
    server.hold(false);
    server.close(dev.weir.protocol.close.CloseStatus.NONE);
    assertThat(server.payloadPlace()).as("after close").isNull();
  }

  @Test
  void aMessageInManyFragmentsIsCopiedNoMoreThanAFewTimes() {
    byte[] fragment = new byte[64 * 1024];
    int count = 256;
    var session = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      Opcode opcode = i == 0 ? Opcode.BINARY : Opcode.CONTINUATION;
      frame(session, Role.SERVER, i == count - 1, opcode, fragment);
    }
    ByteBuffer bytes = ByteBuffer.wrap(session.toByteArray());
    Connection server = connection(Role.SERVER, Limits.server());
    long allocated = Allocation.by(() -> server.receive(bytes));
    assertThat(messages).hasSize(1);
    // Each time it grows it doubles, and it is cut to its length at last.
    assertThat(allocated).isLessThan(4L * count * fragment.length);
  }

  private static byte[] framed(Opcode opcode, byte[] payload) {
    var out = new ByteArrayOutputStream();
    frame(out, Role.SERVER, true, opcode, payload);
    return out.toByteArray();
  }
}
