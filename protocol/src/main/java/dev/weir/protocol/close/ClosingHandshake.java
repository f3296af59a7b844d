package dev.weir.protocol.close;

import org.jspecify.annotations.Nullable;

/**
 * The closing handshake of one connection (RFC 6455 §7): what has happened, what is to be done
 * next, and how it ended. Not thread-safe.
 *
 * <p>It does nothing itself. Its owner tells it each thing that happens, then does what {@link
 * #closeFrameDue} and {@link #nextStep} ask for. Input shut and output shut are facts of their own
 * beside the state: either may come in several states.
 */
public final class ClosingHandshake {
  private enum State {
    /** Data flows both ways. */
    OPEN,
    /** This side wants to close; its Close frame waits for the data accepted before (H3). */
    REQUESTED,
    /** This side's Close frame went; the peer's is awaited. */
    SENT,
    /** The peer's Close frame came; the answer is due at once (B1). */
    RECEIVED,
    /** Both Close frames went their way; the end of the transport is awaited (H5). */
    EXCHANGED,
    /** This side failed the connection (RFC 6455 §7.1.7): input is thrown away. */
    FAILED,
    /** The peer's output ended, and no Close frame can come any more. */
    INPUT_LOST,
    /** The transport is to be closed, whatever is still on its way. */
    ABORTED,
    /** The transport is gone. */
    CLOSED
  }

  /** What the owner has to do to the transport. */
  public enum Step {
    /** Nothing now. */
    WAIT,
    /** End the output behind what was written, then report {@link #outputShut}. */
    SHUT_OUTPUT,
    /** Close both directions, then report {@link #transportClosing}. */
    CLOSE_TRANSPORT
  }

  private final boolean shutsFirst;

  private State state = State.OPEN;
  private boolean transportClosing;

  // What happened to each direction.
  private boolean inputShut;
  private boolean outputShut;
  private boolean closeFrameSent;
  private boolean unwritten;

  // What the Close frames say, and why the close is not clean.
  private @Nullable CloseStatus own;
  private @Nullable CloseStatus received;
  private boolean dataDropped;
  private @Nullable Throwable cause;

  private ClosingHandshake(boolean shutsFirst) {
    this.shutsFirst = shutsFirst;
  }

  /** For the server, which ends the transport first (RFC 6455 §7.1.1, H5). */
  public static ClosingHandshake server() {
    return new ClosingHandshake(true);
  }

  /** For the client, which waits for the server to end the transport (RFC 6455 §7.1.1, H5). */
  public static ClosingHandshake client() {
    return new ClosingHandshake(false);
  }

  // What happened.

  /** This side wants to close; without effect when the connection is ending already. */
  public void closeRequested(CloseStatus status) {
    if (state == State.OPEN) {
      state = State.REQUESTED;
      own = status;
    }
  }

  /** The peer's Close frame came. */
  public void closeFrameReceived(CloseStatus status) {
    switch (state) {
      case OPEN -> {
        state = State.RECEIVED;
        own = status;
      }
      case REQUESTED -> state = State.RECEIVED;
      case SENT -> state = State.EXCHANGED;
      default -> throw new IllegalStateException("a Close frame was read in state " + state);
    }
    received = status;
  }

  /** This side's Close frame was committed to the output. */
  public void closeFrameSent() {
    state =
        switch (state) {
          case REQUESTED -> State.SENT;
          case RECEIVED -> State.EXCHANGED;
          case FAILED -> State.FAILED;
          default -> throw new IllegalStateException("a Close frame was sent in state " + state);
        };
    closeFrameSent = true;
  }

  /** Bytes were committed to the output. */
  public void committed() {
    unwritten = true;
  }

  /** All that was committed has been written to the socket, the Close frame with it if it went. */
  public void outputFlushed() {
    unwritten = false;
  }

  /** Data that was accepted for sending will not be sent (H2). */
  public void dataDropped() {
    dataDropped = true;
  }

  /**
   * The peer broke the protocol, or this side has another reason to fail the connection. Without
   * effect once both Close frames were exchanged or the connection failed otherwise before: what
   * was settled stands.
   */
  public void failed(CloseStatus status, Throwable why) {
    switch (state) {
      case OPEN, REQUESTED, SENT -> {
        own = status;
        state = State.FAILED;
        because(why);
      }
      default -> {}
    }
  }

  /** The peer has ended its output. */
  public void inputShut() {
    inputShut = true;
    switch (state) {
      case OPEN, REQUESTED, SENT -> {
        state = State.INPUT_LOST;
        because(new AbnormalClosure("expected a Close frame but was the end of the input"));
      }
      default -> {}
    }
  }

  /** The output has been told to end. */
  public void outputShut() {
    outputShut = true;
  }

  /** This side gives up on the connection: no Close frame, no waiting. */
  public void aborted(@Nullable Throwable why) {
    switch (state) {
      case ABORTED, CLOSED -> {}
      default -> {
        if (received == null) {
          because(why != null ? why : new AbnormalClosure("this side aborted the connection"));
        } else if (why != null) {
          because(why);
        }
        state = State.ABORTED;
      }
    }
  }

  /** The closing timeout is over (H5). */
  public void deadlinePassed() {
    switch (state) {
      case OPEN -> throw new IllegalStateException("the closing deadline passed in state OPEN");
      case ABORTED, CLOSED -> {}
      default -> aborted(deadlineCause());
    }
  }

  private @Nullable Throwable deadlineCause() {
    String awaited =
        switch (state) {
          case REQUESTED -> "accepted data to be written";
          case SENT -> unwritten ? "the Close frame to be written" : "the peer's Close frame";
          default -> unwritten ? "the Close frame to be written" : null;
        };
    return awaited == null
        ? null
        : new AbnormalClosure("the closing deadline passed while waiting for " + awaited);
  }

  /** The transport has been told to close both directions. */
  public void transportClosing() {
    transportClosing = true;
  }

  /** Both directions of the transport are gone. */
  public void transportClosed(@Nullable Throwable why) {
    if (received == null) {
      because(
          why != null
              ? why
              : new AbnormalClosure("expected a Close frame but was the end of the transport"));
    } else if (!closeFrameWritten()) {
      because(
          why != null
              ? why
              : new AbnormalClosure("the transport ended before the Close frame was written"));
    }
    state = State.CLOSED;
  }

  // What is to be done.

  /** The Close frame that must be sent now, or null. */
  public @Nullable CloseStatus closeFrameDue(boolean dataWaits) {
    return switch (state) {
      case REQUESTED -> dataWaits ? null : own;
      case RECEIVED -> own;
      case FAILED -> closeFrameSent ? null : own;
      default -> null;
    };
  }

  /** What to do to the transport now. */
  public Step nextStep() {
    if (transportClosing) {
      return Step.WAIT;
    }
    boolean peerIsDone = inputShut && !unwritten;
    return switch (state) {
      case OPEN, REQUESTED, SENT, RECEIVED, CLOSED -> Step.WAIT;
      case EXCHANGED -> end(shutsFirst || peerIsDone, peerIsDone);
      case FAILED -> end(closeFrameSent, peerIsDone);
      case INPUT_LOST -> unwritten ? Step.WAIT : Step.CLOSE_TRANSPORT;
      case ABORTED -> Step.CLOSE_TRANSPORT;
    };
  }

  private Step end(boolean shutNow, boolean closeNow) {
    if (shutNow && !outputShut) {
      return Step.SHUT_OUTPUT;
    }
    return closeNow ? Step.CLOSE_TRANSPORT : Step.WAIT;
  }

  // How it stands.

  /** Whether data may be sent: nothing has begun to end the connection. */
  public boolean isOpen() {
    return state == State.OPEN;
  }

  /** Whether the transport is gone. */
  public boolean isClosed() {
    return state == State.CLOSED;
  }

  /** Whether frames may go out at all: neither a Close frame nor the end has come (H3). */
  public boolean maySend() {
    return state == State.OPEN || state == State.REQUESTED;
  }

  /** Whether received bytes are still read as frames; otherwise they are thrown away. */
  public boolean readsFrames() {
    return state == State.OPEN || state == State.REQUESTED || state == State.SENT;
  }

  /** How the connection ended; only once the transport is gone. */
  public CloseOutcome outcome() {
    if (state != State.CLOSED) {
      throw new IllegalStateException("the outcome was asked for in state " + state);
    }
    if (received == null) {
      return new CloseOutcome(false, CloseCode.ABNORMAL, "", cause);
    }
    boolean clean = closeFrameWritten() && !dataDropped;
    if (dataDropped) {
      because(new AbnormalClosure("the peer closed before all accepted data was sent"));
    }
    return new CloseOutcome(clean, received.code(), received.reason(), clean ? null : cause);
  }

  private boolean closeFrameWritten() {
    return closeFrameSent && !unwritten;
  }

  /** Keeps the first cause: what follows from it explains nothing. */
  private void because(Throwable why) {
    if (cause == null) {
      cause = why;
    }
  }
}
