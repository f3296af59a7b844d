package dev.weir.testkit;

/** What a well-behaved server answers of itself. Stateless. */
final class Courtesy {
  private Courtesy() {}

  /** Answers a ping with its pong, and a Close with the same before it closes the connection. */
  static void answer(ScriptedPeer peer, Frame frame) {
    switch (frame.opcode()) {
      case Frame.PING -> peer.sendPong(frame.payload());
      case Frame.CLOSE -> peer.send(Frame.of(Frame.CLOSE, frame.payload())).shutdownOutput();
      default -> {}
    }
  }

  /** Closes, and ends the connection once the other end has answered. */
  static void close(ScriptedPeer peer, Frame close) {
    peer.send(close);
    peer.onFrame(
        frame -> {
          if (frame.opcode() == Frame.CLOSE) {
            peer.shutdownOutput();
          }
        });
  }
}
