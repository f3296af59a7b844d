package dev.weir.testkit;

import dev.weir.websocket.opening.OpeningFailure.Stage;

/**
 * What a server in the test's place does with each client that comes to it. Called inside the
 * loop's tasks, so it sends and listens but does not wait.
 *
 * <pre>{@code
 * transport.behave(Behaviour.closes(1013, "try later"));
 * // the program under test must now come back later
 * }</pre>
 */
@FunctionalInterface
public interface Behaviour {
  /** Answers an opening handshake. */
  void meet(ScriptedOpening opening);

  /** Opens, sends each message back, and answers pings and Close. */
  static Behaviour echoes() {
    return opening -> {
      ScriptedPeer peer = opening.accept();
      peer.onFrame(
          frame -> {
            if (frame.isControl()) {
              Courtesy.answer(peer, frame);
            } else {
              peer.send(frame);
            }
          });
    };
  }

  /** Opens, says nothing of its own, and answers pings and Close. */
  static Behaviour staysQuiet() {
    return opening -> {
      ScriptedPeer peer = opening.accept();
      peer.onFrame(frame -> Courtesy.answer(peer, frame));
    };
  }

  /** Opens and then is as good as gone: it reads but sends nothing, not even pongs or a Close. */
  static Behaviour staysSilent() {
    return opening -> {
      ScriptedPeer peer = opening.accept();
      peer.onFrame(frame -> {});
    };
  }

  /** Opens and does not read, so that the other end's bytes stay with it. */
  static Behaviour neverReads() {
    return opening -> {
      ScriptedPeer peer = opening.accept();
      peer.stopReading();
    };
  }

  /** Opens and answers pings, but never a Close: closing runs into its timeout, with 1006. */
  static Behaviour neverAnswersClose() {
    return opening -> {
      ScriptedPeer peer = opening.accept();
      peer.onFrame(
          frame -> {
            if (frame.opcode() != Frame.CLOSE) {
              Courtesy.answer(peer, frame);
            }
          });
    };
  }

  /** Opens, sends these texts and closes with 1000. */
  static Behaviour says(String... texts) {
    return opening -> {
      ScriptedPeer peer = opening.accept();
      for (String text : texts) {
        peer.sendText(text);
      }
      Courtesy.close(peer, Frame.close(1000, ""));
    };
  }

  /** Opens and closes with this code and reason, any code. */
  static Behaviour closes(int code, String reason) {
    return opening -> Courtesy.close(opening.accept(), Frame.close(code, reason));
  }

  /** Opens and closes with a Close frame that has no body: the other end reports 1005. */
  static Behaviour closesWithoutStatus() {
    return opening -> Courtesy.close(opening.accept(), Frame.of(Frame.CLOSE, new byte[0]));
  }

  /** Opens and ends the connection without a Close frame: the other end reports 1006. */
  static Behaviour disconnects() {
    return opening -> opening.accept().close();
  }

  /** Opens and resets the connection: the other end reports 1006. */
  static Behaviour resets() {
    return opening -> opening.accept().reset();
  }

  /** Refuses the opening handshake with this status and body. */
  static Behaviour refuses(int status, String body) {
    return opening -> opening.refuse(status, body);
  }

  /** Fails in this stage of opening, as if there were no server. */
  static Behaviour fails(Stage stage) {
    return opening -> opening.fail(stage, "scripted to fail");
  }

  /** Never comes out of this stage of opening: it runs into its timeout. */
  static Behaviour hangs(Stage stage) {
    return opening -> opening.hang(stage);
  }
}
