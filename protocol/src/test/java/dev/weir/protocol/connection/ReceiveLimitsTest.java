package dev.weir.protocol.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.protocol.close.CloseStatus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What a connection puts up with, and at which byte it stops. */
@Rule({"P4", "6455-10.4-1"})
class ReceiveLimitsTest {
  private static final String CLOSE_1009 = "881103f16d65737361676520746f6f20626967";

  @Test
  void aMessageOfExactlyTheLimitIsTaken() {
    DrivenConnection server = DrivenConnection.server(Limits.server().withMaxMessageBytes(300));
    server.receiveFrame(0x82, "aa".repeat(300));
    assertThat(server.events()).containsExactly("binary " + "aa".repeat(300));
    server.assertNothingUnread();
  }

  @Test
  void aMessageOfExactlyTheLimitIsTakenAlsoInFragments() {
    DrivenConnection server = DrivenConnection.server(Limits.server().withMaxMessageBytes(300));
    server.receiveFrame(0x02, "aa".repeat(200)).receiveFrame(0x80, "bb".repeat(100));
    assertThat(server.events()).containsExactly("binary " + "aa".repeat(200) + "bb".repeat(100));
    server.assertNothingUnread();
  }

  @Test
  void aFrameOverTheMessageLimitFailsAtItsHeader() {
    DrivenConnection server =
        DrivenConnection.server(Limits.server().withMaxMessageBytes(300).withMaxFrameBytes(1000));
    assertFails(
        server.receive("82fe012d00000000"), "a message of at most 300 bytes but was 301 bytes");
  }

  @Test
  void aFrameOverTheFrameLimitFailsAtItsHeader() {
    DrivenConnection server = DrivenConnection.server(Limits.server().withMaxFrameBytes(300));
    assertFails(
        server.receive("82fe012d00000000"), "a frame of at most 300 bytes but was 301 bytes");
  }

  @Test
  void theLongestLengthThereIsFailsAtItsHeader() {
    DrivenConnection server = DrivenConnection.server();
    assertFails(
        server.receive("82ff7fffffffffffffff00000000"),
        "a frame of at most 16777216 bytes but was 9223372036854775807 bytes");
  }

  @Test
  void aFragmentThatWouldExceedTheMessageLimitFailsAtItsHeader() {
    DrivenConnection server = DrivenConnection.server(Limits.server().withMaxMessageBytes(300));
    server.receiveFrame(0x02, "aa".repeat(200));
    assertFails(server.receive("80e500000000"), "a message of at most 300 bytes but was 301 bytes");
  }

  @Test
  @Rule("P5")
  void tinyFragmentsCountForTheirOverhead() {
    DrivenConnection server =
        DrivenConnection.server(
            Limits.server().withMaxMessageBytes(1000).withFragmentOverhead(100));
    server.receiveFrame(0x01, "61");
    for (int i = 0; i < 9; i++) {
      server.receiveFrame(0x00, "");
    }
    assertThat(server.isClosed()).isFalse();
    assertFails(
        server.receiveFrame(0x00, ""),
        "a message of at most 1000 bytes but was 1 bytes in 11 fragments, counted as 1100 since"
            + " each counts for at least 100");
  }

  @Test
  @Rule("P5")
  void theCountOfFragmentsIsLimited() {
    DrivenConnection server = DrivenConnection.server(Limits.server().withMaxFragments(3));
    server.receiveFrame(0x01, "").receiveFrame(0x00, "").receiveFrame(0x00, "");
    assertFails(
        server.receiveFrame(0x80, ""), "a message of at most 3 fragments but was 4 or more");
  }

  @Test
  @Rule("P5")
  void controlFramesAndOtherMessagesDoNotCountForAMessage() {
    DrivenConnection server = DrivenConnection.server(Limits.server().withMaxFragments(2));
    for (int i = 0; i < 5; i++) {
      server.receiveFrame(0x01, "61").receiveFrame(0x8a, "").receiveFrame(0x80, "62");
      assertThat(server.events()).containsExactly("pong ", "text ab");
    }
    server.assertNothingUnread();
  }

  @Test
  @Rule("P5")
  void byDefaultAMessageOf65536SmallFragmentsIsTaken() {
    for (Role role : Role.values()) {
      DrivenConnection connection = DrivenConnection.of(role);
      connection.receiveFrame(0x02, "01");
      connection.receive(fragments(role, 65_534, new byte[] {2}));
      connection.receiveFrame(0x80, "03");
      assertThat(connection.events()).containsExactly("binary 01" + "02".repeat(65_534) + "03");
      connection.assertNothingUnread();
    }
  }

  @Test
  @Rule("P5")
  void byDefaultAnEndlessFloodOfEmptyFragmentsIsEnded() {
    for (Role role : Role.values()) {
      DrivenConnection connection = DrivenConnection.of(role);
      connection.receiveFrame(0x01, "");
      int most = role == Role.CLIENT ? 262_144 : 131_072;
      connection.receive(fragments(role, most - 1, new byte[0]));
      assertThat(connection.events()).isEmpty();
      connection.receive(fragments(role, 1, new byte[0]));
      assertThat(connection.events()).containsExactly("closing", "shutdownOutput");
      connection.connection.abort(null);
      assertThat(connection.outcome().cause())
          .hasMessage(
              "expected a message of at most %d fragments but was %d or more", most, most + 1);
    }
  }

  @Test
  void aHeaderThatPromisesMuchCostsNothingUntilItComes() {
    Connection connection =
        new Connection(
            Role.CLIENT, Limits.client(), () -> 0, DrivenConnection.client(), new NoEvents());
    ByteBuffer start = ByteBuffer.wrap(DrivenConnection.bytes("827f0000000004000000 ffffff"));
    Allocation.by(() -> {});
    long bytes = Allocation.by(() -> connection.receive(start));
    assertThat(bytes).as("bytes allocated for a frame of 64 MiB").isLessThan(100_000);
  }

  @Test
  void memoryFollowsWhatHasArrived() {
    Connection connection =
        new Connection(
            Role.CLIENT, Limits.client(), () -> 0, DrivenConnection.client(), new NoEvents());
    connection.receive(ByteBuffer.wrap(DrivenConnection.bytes("827f0000000004000000")));
    byte[] piece = new byte[1 << 20];
    long bytes =
        Allocation.by(
            () -> {
              for (int i = 0; i < 4; i++) {
                connection.receive(ByteBuffer.wrap(piece));
              }
            });
    assertThat(bytes).as("bytes allocated for 4 MiB of a frame of 64 MiB").isLessThan(12 << 20);
  }

  @Test
  void whoHasSentSoMuchBeforeIsBelievedAHeaderAndNoMore() {
    Connection connection =
        new Connection(
            Role.CLIENT, Limits.client(), () -> 0, DrivenConnection.client(), new NoEvents());
    byte[] message = new byte[1 << 20];
    connection.receive(ByteBuffer.wrap(DrivenConnection.bytes("827f0000000000100000")));
    connection.receive(ByteBuffer.wrap(message));
    connection.receive(ByteBuffer.wrap(DrivenConnection.bytes("827f0000000004000000")));
    long bytes = Allocation.by(() -> connection.receive(ByteBuffer.wrap(new byte[1])));
    assertThat(bytes)
        .as("bytes allocated for 1 byte of 64 MiB behind a message of 1 MiB")
        .isBetween(1L << 20, (1L << 20) + 1000);
    connection.receive(ByteBuffer.wrap(message, 0, 10));
    long room =
        Allocation.by(() -> connection.receive(ByteBuffer.wrap(message, 0, (1 << 20) - 11)));
    assertThat(room).as("bytes allocated for the rest of the first MiB").isLessThan(1000);
  }

  @Test
  void whatIsDiscardedCostsNothing() {
    Connection connection =
        new Connection(
            Role.CLIENT, Limits.client(), () -> 0, DrivenConnection.client(), new NoEvents());
    connection.close(CloseStatus.NONE);
    ByteBuffer header = ByteBuffer.wrap(DrivenConnection.bytes("827f0000000004000000"));
    byte[] piece = new byte[1 << 20];
    ByteBuffer payload = ByteBuffer.wrap(piece);
    long bytes =
        Allocation.by(
            () -> {
              connection.receive(header);
              for (int i = 0; i < 63; i++) {
                connection.receive(payload.rewind());
              }
            });
    assertThat(bytes).isLessThan(100_000);
  }

  @Test
  void shortBinaryMessagesCostTheirArraysAlone() {
    ByteBuffer frames =
        ByteBuffer.wrap(DrivenConnection.bytes(("8240" + "aa".repeat(64)).repeat(100)));
    Connection connection =
        new Connection(
            Role.CLIENT, Limits.client(), () -> 0, DrivenConnection.client(), new NoEvents());
    connection.receive(frames);
    long bytes = Allocation.by(() -> connection.receive(frames.rewind()));
    assertThat(bytes / 100).as("bytes allocated for 64 bytes").isLessThanOrEqualTo(64 + 24);
  }

  @Test
  void aShortTextCostsItsStringAlone() {
    byte[] frame =
        DrivenConnection.frameFromPeer(
            Role.SERVER, 0x81, "x".repeat(100).getBytes(StandardCharsets.UTF_8));
    for (boolean direct : new boolean[] {false, true}) {
      Connection connection =
          new Connection(
              Role.SERVER, Limits.server(), () -> 0, DrivenConnection.server(), new NoEvents());
      ByteBuffer buffer =
          direct ? ByteBuffer.allocateDirect(frame.length) : ByteBuffer.allocate(frame.length);
      buffer.put(frame);
      Runnable receiving =
          () -> {
            for (int i = 0; i < 1000; i++) {
              connection.receive(buffer.rewind());
            }
          };
      receiving.run();
      // A String and its array of 100 bytes take 24 and 120 bytes.
      assertThat(Allocation.by(receiving) / 1000).isLessThanOrEqualTo(160);
    }
  }

  private static byte[] fragments(Role role, int count, byte[] payload) {
    byte[] frame = DrivenConnection.frameFromPeer(role, 0x00, payload);
    ByteBuffer frames = ByteBuffer.allocate(count * frame.length);
    for (int i = 0; i < count; i++) {
      frames.put(frame);
    }
    return frames.array();
  }

  private static void assertFails(DrivenConnection server, String expectation) {
    assertThat(server.sent()).isEqualTo(CLOSE_1009);
    assertThat(server.events()).containsExactly("closing", "shutdownOutput");
    server.inputShut();
    assertThat(server.events())
        .containsExactly("closeTransport", "closed unclean 1006 '': expected " + expectation);
    server.assertNothingUnread();
  }
}
