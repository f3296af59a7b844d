package dev.weir.protocol.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The examples of RFC 6455 §5.7, byte for byte. */
class StandardExamplesTest {
  @Test
  void aSingleFrameUnmaskedTextIsReadByAClient() {
    DrivenConnection client = DrivenConnection.client();
    client.receive("810548656c6c6f");
    assertThat(client.events()).containsExactly("text Hello");
    client.assertNothingUnread();
  }

  @Test
  void aSingleFrameMaskedTextIsReadByAServer() {
    DrivenConnection server = DrivenConnection.server();
    server.receive("818537fa213d7f9f4d5158");
    assertThat(server.events()).containsExactly("text Hello");
    server.assertNothingUnread();
  }

  @Test
  void aFragmentedTextIsOneMessage() {
    DrivenConnection client = DrivenConnection.client();
    client.receive("010348656c").receive("80026c6f");
    assertThat(client.events()).containsExactly("text Hello");
    client.assertNothingUnread();
  }

  @Test
  void aPingIsAnsweredWithAMaskedPongOfTheSamePayload() {
    DrivenConnection client = DrivenConnection.client();
    client.receive("890548656c6c6f");
    assertThat(client.sent()).isEqualTo("8a8537fa213d7f9f4d5158");
    assertThat(client.events()).containsExactly("ping 48656c6c6f");
    client.assertNothingUnread();
  }

  @Test
  void aMaskedPingIsAnsweredWithAnUnmaskedPong() {
    DrivenConnection server = DrivenConnection.server();
    server.receive("898537fa213d7f9f4d5158");
    assertThat(server.sent()).isEqualTo("8a0548656c6c6f");
    assertThat(server.events()).containsExactly("ping 48656c6c6f");
    server.assertNothingUnread();
  }

  @Test
  void aClientMasksItsText() {
    DrivenConnection client = DrivenConnection.client();
    client.connection.sendText("Hello", null);
    assertThat(client.sent()).isEqualTo("818537fa213d7f9f4d5158");
  }

  @Test
  void aServerDoesNotMaskItsText() {
    DrivenConnection server = DrivenConnection.server();
    server.connection.sendText("Hello", null);
    assertThat(server.sent()).isEqualTo("810548656c6c6f");
  }

  @Test
  void binaryOf256BytesHasA16BitLength() {
    DrivenConnection server = DrivenConnection.server();
    server.connection.sendBinary(new byte[256], null);
    assertThat(server.sent()).isEqualTo("827e0100" + "00".repeat(256));
  }

  @Test
  void binaryOf64KibibytesHasA64BitLength() {
    DrivenConnection server = DrivenConnection.server();
    server.connection.sendBinary(new byte[65536], null);
    assertThat(server.sent()).isEqualTo("827f0000000000010000" + "00".repeat(65536));
  }
}
