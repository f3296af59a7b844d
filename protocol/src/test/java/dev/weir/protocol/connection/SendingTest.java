package dev.weir.protocol.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weir.conformance.Rule;
import dev.weir.protocol.close.CloseStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes out, when, and in which order. */
class SendingTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536})
  @Rule({"P1", "6455-6.1-2", "6455-6.1-3", "6455-6.1-4", "6455-5.1-3", "6455-5.2-1"})
  void aMessageOfUpToTheFragmentSizeIsOneFrame(int length) {
    for (Role role : Role.values()) {
      for (boolean direct : new boolean[] {false, true}) {
        DrivenConnection connection = DrivenConnection.of(role);
        if (direct) {
          connection.withDirectBuffers();
        }
        byte[] payload = "x".repeat(length).getBytes(StandardCharsets.UTF_8);
        connection.connection.sendBinary(payload, connection.delivery("binary"));
        connection.connection.sendText(payload, connection.delivery("bytes"));
        connection.connection.sendText("x".repeat(length), connection.delivery("text"));
        assertThat(FrameText.read(connection.sentBytes(), role))
            .containsExactly(
                "BINARY! " + "78".repeat(length),
                "TEXT! " + "78".repeat(length),
                "TEXT! " + "78".repeat(length));
        assertThat(connection.events())
            .containsExactly("handed over binary", "handed over bytes", "handed over text");
        assertThat(payload).asString().isEqualTo("x".repeat(length));
        connection.assertNothingUnread();
      }
    }
  }

  @Test
  @Rule({"B1", "6455-5.4-9"})
  void aLongerMessageGoesInFragments() {
    for (Role role : Role.values()) {
      DrivenConnection connection = with(role, Limits.client().withFragmentSize(3));
      connection.connection.sendBinary(new byte[] {1, 2, 3, 4, 5, 6, 7}, connection.delivery("m"));
      connection.connection.sendText("abcdef", null);
      assertThat(FrameText.read(connection.sentBytes(), role))
          .containsExactly(
              "BINARY 010203",
              "CONTINUATION 040506",
              "CONTINUATION! 07",
              "TEXT 616263",
              "CONTINUATION! 646566");
      assertThat(connection.events()).containsExactly("handed over m");
      connection.assertNothingUnread();
    }
  }

  @Test
  @Rule("S11")
  void textIsUtf8WithLoneSurrogatesReplaced() {
    for (Role role : Role.values()) {
      for (boolean direct : new boolean[] {false, true}) {
        DrivenConnection connection = DrivenConnection.of(role);
        if (direct) {
          connection.withDirectBuffers();
        }
        connection.connection.sendText("aé€😀\ud800", null);
        String large = "€".repeat(2000) + "\udc00";
        connection.connection.sendText(large, null);
        assertThat(FrameText.read(connection.sentBytes(), role))
            .containsExactly(
                "TEXT! 61c3a9e282acf09f9880efbfbd", "TEXT! " + "e282ac".repeat(2000) + "efbfbd");
      }
    }
  }

  @Test
  @Rule("6455-10.3-2")
  void aFrameThatWasFramedIsNotChangedByItsSender() {
    for (boolean direct : new boolean[] {false, true}) {
      DrivenConnection client = DrivenConnection.client(Limits.client().withFragmentSize(2));
      if (direct) {
        client.withDirectBuffers();
      }
      byte[] payload = {1, 2, 3};
      client.connection.sendBinary(payload, null);
      payload[0] = 9;
      payload[2] = 9;
      assertThat(FrameText.read(client.sentBytes(), Role.CLIENT))
          .containsExactly("BINARY 0102", "CONTINUATION! 03");
    }
  }

  @Test
  @Rule("S11")
  void aLentMessageIsNotChangedByItsSenderWhereverItWaits() {
    for (int atOnce = 0; atOnce <= 4; atOnce++) {
      var server = new Metered(Limits.server().withFragmentSize(2));
      server.grant(atOnce);
      byte[] payload = {1, 2, 3, 4, 5};
      server.connection.lendBinary(payload, true, null);
      Arrays.fill(payload, (byte) 9);
      server.grant(4);
      assertThat(server.sent())
          .as("%d frames at once", atOnce)
          .containsExactly("BINARY 0102", "CONTINUATION 0304", "CONTINUATION! 05");
    }
  }

  @Test
  @Rule("6455-6.1-6")
  void whatTheOutputDoesNotTakeWaitsInOrderAndIsCounted() {
    DrivenConnection server = DrivenConnection.server().unwritable();
    server.connection.sendText("é", server.delivery("1"));
    server.connection.sendBinary(new byte[3], server.delivery("2"));
    assertThat(server.connection.queuedBytes()).isEqualTo(5);
    server.assertNothingUnread();
    server.writable();
    assertThat(server.connection.queuedBytes()).isZero();
    assertThat(server.events()).containsExactly("handed over 1", "handed over 2");
    assertThat(FrameText.read(server.sentBytes(), Role.SERVER))
        .containsExactly("TEXT! c3a9", "BINARY! 000000");
  }

  @Test
  @Rule({"B1", "P2", "6455-5.5.2-1"})
  void pongsGoBetweenFragmentsAheadOfQueuedData() {
    Metered server = new Metered(Limits.server().withFragmentSize(2));
    server.frames = 1;
    server.connection.sendText("abcdef", null);
    server.connection.sendText("gh", null);
    assertThat(server.connection.queuedBytes()).isEqualTo(6);
    server.receive("898100000000 31 898100000000 32");
    server.grant(2);
    server.connection.sendPing(new byte[] {0x33});
    server.grant(10);
    assertThat(server.sent())
        .containsExactly(
            "TEXT 6162",
            "PONG! 31",
            "PONG! 32",
            "PING! 33",
            "CONTINUATION 6364",
            "CONTINUATION! 6566",
            "TEXT! 6768");
  }

  @Test
  @Rule({"B1", "H2"})
  void theCloseThatAnswersThePeersGoesBetweenFragments() {
    Metered server = new Metered(Limits.server().withFragmentSize(2));
    server.frames = 1;
    server.connection.sendText("abcdef", null);
    server.receive("888200000000 03e8");
    assertThat(server.sent()).containsExactly("TEXT 6162", "CLOSE! 03e8");
    assertThat(server.connection.queuedBytes()).isZero();
  }

  @Test
  @Rule("B1")
  void failingDoesNotCutAFrameAndDoesNotWaitForTheOutput() {
    Metered server = new Metered(Limits.server().withFragmentSize(2));
    server.frames = 1;
    server.connection.sendText("abcdef", null);
    server.connection.fail(1011, new IOException("x"));
    assertThat(server.sent()).containsExactly("TEXT 6162", "CLOSE! 03f3");
  }

  @Test
  @Rule({"P2", "6455-5.5.3-1"})
  void eachPingIsAnsweredInOrder() {
    DrivenConnection client = DrivenConnection.client().unwritable();
    client.receive("890131 890132 890133");
    assertThat(client.events()).containsExactly("ping 31", "ping 32", "ping 33");
    client.writable();
    assertThat(FrameText.read(client.sentBytes(), Role.CLIENT))
        .containsExactly("PONG! 31", "PONG! 32", "PONG! 33");
    client.assertNothingUnread();
  }

  @Test
  @Rule("P2")
  void underAFloodTheOldestPongsAreDroppedAndPingsAreNot() {
    DrivenConnection client = DrivenConnection.client().unwritable();
    client.connection.sendPing(new byte[] {(byte) 0xff});
    for (int i = 0; i < 100; i++) {
      client.receiveFrame(0x89, DrivenConnection.HEX.toHexDigits((byte) i));
    }
    client.events();
    client.writable();
    List<String> expected = new ArrayList<>(List.of("PING! ff"));
    for (int i = 36; i < 100; i++) {
      expected.add("PONG! " + DrivenConnection.HEX.toHexDigits((byte) i));
    }
    assertThat(FrameText.read(client.sentBytes(), Role.CLIENT)).containsExactlyElementsOf(expected);
  }

  @Test
  @Rule("P2")
  void aPongThatWaitsIsNotChangedByWhoeverGotThePing() {
    List<byte[]> pings = new ArrayList<>();
    DrivenConnection output = DrivenConnection.client().unwritable();
    Connection connection =
        new Connection(
            Role.CLIENT,
            Limits.client(),
            () -> 0,
            output,
            new NoEvents() {
              @Override
              public void pingReceived(byte[] payload) {
                pings.add(payload);
              }
            });
    connection.receive(ByteBuffer.wrap(DrivenConnection.bytes("890131")));
    pings.get(0)[0] = 0;
    output.writable();
    connection.outputWritable();
    assertThat(FrameText.read(output.sentBytes(), Role.CLIENT)).containsExactly("PONG! 31");
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  @Rule({"6455-5.5-1", "6455-5.5-2"})
  void pingsAndPongsCarryUpTo125Bytes(Role role) {
    DrivenConnection connection = DrivenConnection.of(role);
    connection.connection.sendPing(new byte[125]);
    connection.connection.sendPong(new byte[0]);
    assertThat(FrameText.read(connection.sentBytes(), role))
        .containsExactly("PING! " + "00".repeat(125), "PONG! ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> connection.connection.sendPing(new byte[126]))
        .withMessage("payload is 126 bytes, the limit of a control frame is 125");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> connection.connection.sendPong(new byte[126]));
    connection.assertNothingUnread();
  }

  @Test
  @Rule({"6455-5.1-1", "6455-5.3-1", "6455-5.3-2", "6455-5.5.1-3", "6455-6.1-5", "6455-10.3-1"})
  void aClientAsksForAFreshMaskForEachFrame() {
    int[] asked = new int[1];
    DrivenConnection output = DrivenConnection.client();
    Connection connection =
        new Connection(
            Role.CLIENT,
            Limits.client().withFragmentSize(1),
            () -> ++asked[0] * 0x01010101,
            output,
            new NoEvents());
    connection.sendText("a", null);
    connection.sendBinary(new byte[2], null);
    connection.sendPing(new byte[1]);
    connection.sendPong(new byte[0]);
    connection.close(CloseStatus.NONE);
    assertThat(output.sent())
        .isEqualTo(
            "81810101010160"
                + "02810202020202"
                + "80810303030303"
                + "89810404040404"
                + "8a8005050505"
                + "888006060606");
  }

  @Test
  @Rule("6455-6.1-1")
  void nothingIsSentOnceTheConnectionEnds() {
    DrivenConnection client = DrivenConnection.client();
    client.connection.abort(null);
    client.events();
    client.connection.sendText("a", client.delivery("a"));
    client.connection.sendText(new byte[1], client.delivery("b"));
    client.connection.sendBinary(new byte[1], client.delivery("c"));
    client.connection.sendPing(new byte[1]);
    client.connection.sendPong(new byte[1]);
    assertThat(client.events()).containsExactly("dropped a", "dropped b", "dropped c");
    client.assertNothingUnread();
  }

  @Test
  void aDeliveryThatSendsTheNextMessageDoesNotNest() {
    Connection[] connection = new Connection[1];
    int[] left = {100_000};
    DrivenConnection output = DrivenConnection.server();
    connection[0] = new Connection(Role.SERVER, Limits.server(), () -> 0, output, new NoEvents());
    Delivery chain =
        new Delivery() {
          @Override
          public void handedOver() {
            if (left[0]-- > 0) {
              connection[0].sendText("x", this);
            }
          }

          @Override
          public void dropped() {
            throw new AssertionError("dropped with " + left[0] + " left");
          }
        };
    connection[0].sendText("x", chain);
    assertThat(output.sentBytes()).hasSize(100_001 * 3);
  }

  @Test
  void aDeliveryThatClosesSendsTheCloseBehindIt() {
    DrivenConnection server = DrivenConnection.server();
    server.reacting(
        event -> {
          if (event.equals("handed over a")) {
            server.connection.close(CloseStatus.NONE);
          }
        });
    server.connection.sendText("a", server.delivery("a"));
    assertThat(server.sent()).isEqualTo("810161" + "8800");
    assertThat(server.events()).containsExactly("handed over a", "closing");
  }

  @Test
  void aDroppedDeliveryThatSendsAgainReachesNothing() {
    DrivenConnection server = DrivenConnection.server().unwritable();
    server.reacting(
        event -> {
          if (event.equals("dropped a")) {
            server.connection.sendText("again", server.delivery("again"));
          }
        });
    server.connection.sendText("a", server.delivery("a"));
    server.connection.transportClosed(null);
    assertThat(server.events()).contains("dropped a", "dropped again");
    server.assertNothingUnread();
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void aShortMessageIsFramedWithoutGarbage(Role role) {
    Connection connection =
        new Connection(role, Limits.client(), () -> 1, new Discarding(), new NoEvents());
    byte[] payload = new byte[500];
    String text = "é€ plain".repeat(20);
    Runnable sending =
        () -> {
          for (int i = 0; i < 1000; i++) {
            connection.sendText(text, null);
            connection.sendText(payload, null);
            connection.sendBinary(payload, null);
            connection.sendPing(EMPTY);
          }
        };
    sending.run();
    assertThat(Allocation.by(sending) / 1000).as("bytes per round").isLessThan(16);
  }

  private static final byte[] EMPTY = {};

  /** An output that takes everything and keeps nothing. */
  private static DrivenConnection with(Role role, Limits limits) {
    return role == Role.CLIENT ? DrivenConnection.client(limits) : DrivenConnection.server(limits);
  }

  /** A server's connection on an output that takes a granted number of frames. */
  private static final class Metered extends NoEvents implements ConnectionOutput {
    private final DrivenConnection bytes = DrivenConnection.server();
    private final Connection connection;
    private int frames;

    private Metered(Limits limits) {
      connection = new Connection(Role.SERVER, limits, () -> 0, this, this);
    }

    private void receive(String hex) {
      connection.receive(ByteBuffer.wrap(DrivenConnection.bytes(hex)));
    }

    private void grant(int count) {
      frames = count;
      connection.outputWritable();
    }

    private List<String> sent() {
      return FrameText.read(bytes.sentBytes(), Role.SERVER);
    }

    @Override
    public ByteBuffer reserve(int size) {
      return bytes.reserve(size);
    }

    @Override
    public void commit(int size) {
      frames--;
      bytes.commit(size);
    }

    @Override
    public boolean isWritable() {
      return frames > 0;
    }

    @Override
    public void shutdownOutput() {}

    @Override
    public void closeTransport() {}
  }
}
