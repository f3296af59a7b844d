package dev.weir.protocol.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames that come in and what messages they make. */
@Rule("P1")
class MessagesTest {
  @Test
  @Rule({"6455-5.4-2", "6455-5.4-5", "6455-6.2-3", "6455-6.2-4"})
  void fragmentsMakeOneMessageOfTheFirstFramesType() {
    DrivenConnection client = DrivenConnection.client();
    client.receive("020101 000102 800103 8101 61 820104");
    assertThat(client.events()).containsExactly("binary 010203", "text a", "binary 04");
    client.assertNothingUnread();
  }

  @Test
  @Rule({"6455-5.4-4", "6455-5.5.2-1", "6455-5.5.3-1", "6455-6.2-2"})
  void controlFramesBetweenFragmentsAreHandledWhereTheyCome() {
    DrivenConnection client = DrivenConnection.client();
    client.receive("010161 890170 8a0171 000162 8900 800163");
    assertThat(client.events()).containsExactly("ping 70", "pong 71", "ping ", "text abc");
    assertThat(client.sent()).isEqualTo("8a8137fa213d47" + "8a8037fa213d");
    client.assertNothingUnread();
  }

  @Test
  @Rule("6455-5.6-1")
  void aCharacterMaySpanFragments() {
    DrivenConnection client = DrivenConnection.client();
    client.receive("0101f0 00019f 000198 800180");
    assertThat(client.events()).containsExactly("text 😀");
    client.assertNothingUnread();
  }

  @Test
  void emptyMessagesAndEmptyFragmentsAreMessages() {
    DrivenConnection client = DrivenConnection.client();
    client.receive("8100 8200 0100 0000 8000 0200 800161 0101628000");
    assertThat(client.events()).containsExactly("text ", "binary ", "text ", "binary 61", "text b");
    client.assertNothingUnread();
  }

  @Test
  @Rule("6455-6.2-5")
  void eachFragmentHasItsOwnMask() {
    DrivenConnection server = DrivenConnection.server();
    server.receive("0183010203046060 60 8082ff00ff009b65");
    assertThat(server.events()).containsExactly("text abcde");
    server.assertNothingUnread();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 125, 126, 127, 65_535, 65_536, 65_537, 200_000})
  void payloadsAroundEachBorderOfLengthArriveWhole(int length) {
    for (Role role : Role.values()) {
      byte[] payload = new byte[length];
      Arrays.fill(payload, (byte) 'x');
      byte[] frames = DrivenConnection.frameFromPeer(role, 0x82, payload);
      for (int piece : new int[] {1, 1000, 65_536, frames.length}) {
        if (piece == 1 && length > 70_000) {
          continue;
        }
        DrivenConnection connection = DrivenConnection.of(role);
        for (int i = 0; i < frames.length; i += piece) {
          connection.receive(Arrays.copyOfRange(frames, i, Math.min(frames.length, i + piece)));
        }
        assertThat(connection.events()).containsExactly("binary " + "78".repeat(length));
        connection.assertNothingUnread();
      }
    }
  }

  @Test
  void aBufferOfAnyKindAndOrderIsTakenFromItsPositionToItsLimit() {
    byte[] bytes = DrivenConnection.bytes("818537fa213d7f9f4d5158 828537fa213d7f9f4d5158");
    for (boolean direct : new boolean[] {false, true}) {
      for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
        DrivenConnection server = DrivenConnection.server();
        ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(40) : ByteBuffer.allocate(40);
        ByteBuffer slice = buffer.slice(5, 30).order(order);
        slice.position(2).put(bytes).flip().position(2);
        server.connection.receive(slice);
        assertThat(slice.hasRemaining()).isFalse();
        assertThat(slice.order()).isEqualTo(order);
        assertThat(server.events()).containsExactly("text Hello", "binary 48656c6c6f");
        server.assertNothingUnread();
      }
    }
  }

  @Test
  void aReadOnlyBufferIsTakenAndStaysAsItIs() {
    byte[] bytes = DrivenConnection.bytes("818537fa213d7f9f4d5158 828537fa213d7f9f4d5158");
    byte[] before = bytes.clone();
    DrivenConnection server = DrivenConnection.server();
    server.connection.receive(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
    assertThat(server.events()).containsExactly("text Hello", "binary 48656c6c6f");
    assertThat(bytes).isEqualTo(before);
    server.assertNothingUnread();
  }

  @Test
  void bytesBehindTheBuffersLimitAreLeftAlone() {
    byte[] bytes = DrivenConnection.bytes("818237fa213d7f9f 4d5158aaaaaaaaaa");
    DrivenConnection server = DrivenConnection.server();
    server.connection.receive(ByteBuffer.wrap(bytes, 0, 8));
    assertThat(server.events()).containsExactly("text He");
    assertThat(Arrays.copyOfRange(bytes, 8, 16))
        .isEqualTo(DrivenConnection.bytes("4d5158aaaaaaaaaa"));
    server.assertNothingUnread();
  }

  @Test
  void binaryThatWasDeliveredIsTheReceiversOwn() {
    byte[][] received = new byte[1][];
    Connection connection =
        new Connection(
            Role.CLIENT,
            Limits.client(),
            () -> 0,
            DrivenConnection.client(),
            new NoEvents() {
              @Override
              public void binaryReceived(byte[] payload) {
                received[0] = payload;
              }
            });
    connection.receive(ByteBuffer.wrap(DrivenConnection.bytes("0202 0102 8002 0304")));
    byte[] first = received[0];
    connection.receive(ByteBuffer.wrap(DrivenConnection.bytes("0202 0506 8002 0708")));
    assertThat(first).containsExactly(1, 2, 3, 4);
    byte[] second = received[0];
    assertThat(second).containsExactly(5, 6, 7, 8);
    connection.receive(ByteBuffer.wrap(DrivenConnection.bytes("8202 090a")));
    byte[] whole = received[0];
    connection.receive(ByteBuffer.wrap(DrivenConnection.bytes("0201 0b 8001 0c 0101 61 8001 62")));
    assertThat(first).containsExactly(1, 2, 3, 4);
    assertThat(second).containsExactly(5, 6, 7, 8);
    assertThat(whole).containsExactly(9, 10);
    assertThat(received[0]).containsExactly(11, 12);
  }

  @Test
  void textAfterTextOfAnySizeIsNotMixedUp() {
    DrivenConnection client = DrivenConnection.client();
    String large = "61".repeat(40_000);
    byte[] frame = DrivenConnection.frameFromPeer(Role.CLIENT, 0x81, DrivenConnection.bytes(large));
    client.receive("010161 800162");
    client.receive(Arrays.copyOf(frame, 20_000));
    client.receive(Arrays.copyOfRange(frame, 20_000, frame.length));
    client.receive("010163 800164 8100 810165");
    assertThat(client.events())
        .containsExactly("text ab", "text " + "a".repeat(40_000), "text cd", "text ", "text e");
    client.assertNothingUnread();
  }
}
