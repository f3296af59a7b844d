package dev.weir.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptedPeerTest {
  private final Network network = new Network();
  private final ManualEventLoop loop = network.loop;
  private final Recorder client = new Recorder();

  @Test
  void sendsFramesAsAServerWithoutMasks() {
    ScriptedPeer peer = network.peerOf(client);
    peer.sendText("Hello")
        .sendBinary(new byte[] {1})
        .sendPing(new byte[] {2})
        .sendPong(new byte[] {3})
        .sendTextFragments(utf8("He"), utf8("l"), utf8("lo"))
        .sendClose(1000, "bye")
        .sendClose();
    loop.runPending();
    assertThat(hex(client.bytes.toByteArray()))
        .isEqualTo(
            "81 05 48 65 6c 6c 6f 82 01 01 89 01 02 8a 01 03 "
                + "01 02 48 65 00 01 6c 80 02 6c 6f "
                + "88 05 03 e8 62 79 65 88 00");
  }

  @Test
  void readsMaskedFramesOfAClient() {
    ScriptedPeer peer = network.peerOf(client);
    // RFC 6455 §5.7
    writeHex("81 85 37 fa 21 3d 7f 9f 4d 51 58");
    writeHex("88 87 00 00 00 00 03 e8 62 79 65 62 79");
    peer.expectText("Hello").expectClose(1000, "byeby").expectNothingMore();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 125, 126, 65_535, 65_536, 100_000})
  void readsWhatItWrites(int length) {
    Frame frame = Frame.of(Frame.BINARY, new byte[length]);
    ByteQueue queue = new ByteQueue();
    byte[] masked = FrameBytes.of(frame, true);
    queue.add(masked, 0, masked.length - 1);
    assertThat(FrameBytes.take(queue)).as("one byte is missing").isNull();
    queue.add(masked, masked.length - 1, 1);
    assertThat(FrameBytes.take(queue))
        .isEqualTo(new Frame(true, 0, Frame.BINARY, true, new byte[length]));
    assertThat(queue.size()).isZero();
    queue.add(FrameBytes.of(frame, false));
    assertThat(FrameBytes.take(queue)).isEqualTo(frame);
  }

  @Test
  void joinsFragments() {
    ScriptedPeer peer = network.peerOf(client);
    writeHex("01 81 00 00 00 00 61  80 81 00 00 00 00 62");
    peer.expectText("ab");
  }

  @Test
  void saysWhatItExpectedAndWhatCame() {
    ScriptedPeer peer = network.peerOf(client);
    writeHex("81 81 00 00 00 00 61");
    assertThatThrownBy(() -> peer.expectText("b"))
        .isInstanceOf(AssertionError.class)
        .hasMessage("expected a Text message: \"b\" but was a Text of 1 bytes: \"a\"");
    writeHex("88 80 00 00 00 00");
    assertThatThrownBy(() -> peer.expectClose(1000, ""))
        .hasMessage("expected a Close: 1000 \"\" but was a Close of 0 bytes: 1005 \"\"");
    writeHex("89 80 00 00 00 00");
    assertThatThrownBy(peer::expectNothingMore)
        .hasMessage("expected nothing more but was Ping of 0 bytes: ");
    writeHex("01 02");
    assertThatThrownBy(() -> peer.expect("01 03")).hasMessage("expected bytes 01 03 but was 01 02");
    assertThatThrownBy(peer::nextFrame)
        .hasMessage("expected a frame but was open, with 0 bytes received");
  }

  @Test
  void findsAClientsFrameWithoutMask() {
    ScriptedPeer peer = network.peerOf(client);
    writeHex("81 00");
    assertThatThrownBy(peer::nextFrame)
        .isInstanceOf(AssertionError.class)
        .hasMessage("expected a frame with mask but was Text of 0 bytes: \"\"");
  }

  @Test
  void endsItsWaitWhenTheConnectionEnds() {
    ScriptedPeer peer = network.peerOf(client);
    network.onLoop(() -> client.channel().closeTransport());
    assertThatThrownBy(peer::nextFrame)
        .isInstanceOf(AssertionError.class)
        .hasMessage("expected a frame but was ended, with 0 bytes received");
  }

  @Test
  void tellsAnEndFromAReset() {
    ScriptedPeer peer = network.peerOf(client);
    assertThatThrownBy(peer::expectEnd)
        .hasMessage("expected the end of the output but was open, with 0 bytes received");
    peer.link().toServer().fault(Fault.Kind.RESET, 0);
    peer.expectReset();
    assertThatThrownBy(peer::expectEnd)
        .hasMessage(
            "expected the end of the output but was java.io.IOException: Connection reset by peer");
  }

  @Test
  void handsFramesToAConsumer() {
    ScriptedPeer peer = network.peerOf(client);
    List<String> frames = new ArrayList<>();
    writeHex("81 81 00 00 00 00 61");
    peer.onFrame(frame -> frames.add(frame.text()));
    writeHex("81 81 00 00 00 00 62");
    assertThat(frames).containsExactly("a", "b");
    peer.expectNothingMore();
  }

  private void writeHex(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    network.onLoop(
        () -> {
          client.channel().reserve(bytes.length).put(bytes);
          client.channel().commit(bytes.length);
          client.channel().flush();
        });
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.ofDelimiter(" ").formatHex(bytes);
  }
}
