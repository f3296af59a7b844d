package dev.weir.protocol.connection;

import dev.weir.protocol.close.CloseCode;
import dev.weir.protocol.close.CloseStatus;
import dev.weir.protocol.close.ClosingHandshake;
import dev.weir.protocol.close.ProtocolViolation;
import dev.weir.protocol.deflate.Compression;
import dev.weir.protocol.deflate.MessageInflater;
import dev.weir.protocol.frame.FrameHeader;
import dev.weir.protocol.frame.Opcode;
import dev.weir.protocol.message.TextEncoder;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket connection after its opening handshake, of either role, with no I/O of its own (RFC
 * 6455 §5 to §8). Not thread-safe: driven by one thread at a time.
 *
 * <p>A driver gives it what happens on the transport and lends it the transport's output; it tells
 * the driver what came of it. All its methods may be called from inside events and deliveries,
 * except {@link #receive} from inside itself. Events and deliveries must not throw.
 */
public final class Connection {
  /** Texts of at most this many chars are encoded where they go, without an array of their own. */
  private static final int DIRECT_TEXT_CHARS = FrameReceivers.TEXT_SCRATCH_BYTES;

  private final ConnectionEvents events;
  private final ClosingHandshake closing;
  private final SendQueue queue;
  private final FrameOutput frames;
  private final @Nullable Compression compression;

  // Receiving.
  private final FrameReceivers receivers;

  /** Null while no frame and no message has begun to come. */
  private @Nullable FrameReceiver receiver;

  private int longestReceived;
  private boolean held;
  private boolean discarding;

  private boolean closingAnnounced;

  /**
   * A connection whose opening handshake is over, without compression.
   *
   * @param role which end this is
   * @param limits what it puts up with
   * @param masks the masking keys; a server never asks for one
   * @param output where frames go
   * @param events who is told
   */
  public Connection(
      Role role,
      Limits limits,
      MaskSource masks,
      ConnectionOutput output,
      ConnectionEvents events) {
    this(role, limits, null, masks, output, events);
  }

  /**
   * A connection whose opening handshake is over, with receivers of its own.
   *
   * @param role which end this is
   * @param limits what it puts up with
   * @param compression what was agreed on for compression, or null for none; released when the
   *     transport is gone
   * @param masks the masking keys; a server never asks for one
   * @param output where frames go
   * @param events who is told
   */
  public Connection(
      Role role,
      Limits limits,
      @Nullable Compression compression,
      MaskSource masks,
      ConnectionOutput output,
      ConnectionEvents events) {
    this(role, limits, compression, new FrameReceivers(), masks, output, events);
  }

  /**
   * A connection whose opening handshake is over.
   *
   * @param role which end this is
   * @param limits what it puts up with
   * @param compression what was agreed on for compression, or null for none; released when the
   *     transport is gone
   * @param receivers those of the thread that drives it
   * @param masks the masking keys; a server never asks for one
   * @param output where frames go
   * @param events who is told
   */
  public Connection(
      Role role,
      Limits limits,
      @Nullable Compression compression,
      FrameReceivers receivers,
      MaskSource masks,
      ConnectionOutput output,
      ConnectionEvents events) {
    this.compression = compression;
    this.receivers = receivers;
    this.events = events;
    this.closing = role == Role.SERVER ? ClosingHandshake.server() : ClosingHandshake.client();
    this.frames = new FrameOutput(role, masks, output, closing);
    this.queue = new SendQueue(frames, limits, compression);
  }

  // What happens on the transport.

  /**
   * Takes bytes from the peer, all that remain in the buffer unless {@link #hold} says otherwise;
   * they may be cut anywhere.
   *
   * @param bytes heap or direct, of any byte order; a writable heap buffer may be unmasked in place
   */
  public void receive(ByteBuffer bytes) {
    FrameReceiver reading = receiver;
    if (reading == null) {
      reading = receivers.lend(frames.role(), queue.limits(), compression != null);
      reading.longest(longestReceived);
      receiver = reading;
      if (discarding) {
        reading.discard();
      }
    }
    try {
      reading.receive(bytes, this);
    } catch (ProtocolViolation violation) {
      events.endComing();
      fail(violation.closeCode(), violation);
    }
    if (!discarding && reading.isAtRest()) {
      receiver = null;
      longestReceived = reading.longest();
      receivers.giveBack(reading);
      if (compression != null) {
        compression.inputAtRest();
      }
    }
    if (!held || !closing.readsFrames()) {
      bytes.position(bytes.limit());
    }
  }

  /**
   * Where the next bytes of the peer belong, so that a driver may receive them there and give this
   * buffer to {@link #receive}: large messages need no copy then. Null where they have no such
   * place.
   *
   * @return a heap buffer, valid until the next call of another method
   */
  public @Nullable ByteBuffer payloadPlace() {
    FrameReceiver reading = receiver;
    return reading == null || !readsFrames() ? null : reading.place();
  }

  // For the receiver.

  boolean readsFrames() {
    return !held && closing.readsFrames();
  }

  @Nullable MessageInflater inflater() {
    return compression == null ? null : compression.inflater();
  }

  ConnectionEvents events() {
    return events;
  }

  /**
   * Lets {@link #receive} leave in its buffer what follows the current frame, from inside events
   * too, until this is called with false: for a driver whose reader does not keep up with what
   * little input inflates to. The driver gives what was left again.
   */
  public void hold(boolean hold) {
    held = hold;
  }

  /** The peer has ended its output: FIN, or END_STREAM. */
  public void inputShut() {
    closing.inputShut();
    advance();
  }

  /**
   * Both directions of the transport are gone, also after {@link ConnectionOutput#closeTransport}.
   *
   * @param cause what broke it, null for an orderly end
   */
  public void transportClosed(@Nullable Throwable cause) {
    if (closing.isClosed()) {
      return;
    }
    // Closed first, so that nothing that a delivery does in return reaches the output.
    closing.transportClosed(cause);
    announceClosing();
    if (queue.drop()) {
      closing.dataDropped();
    }
    discard();
    if (compression != null) {
      compression.release();
    }
    events.closed(closing.outcome());
  }

  /** The closing timeout, which began at {@link ConnectionEvents#closingStarted}, is over (H5). */
  public void deadlinePassed() {
    closing.deadlinePassed();
    advance();
  }

  /** Unsent bytes of the output are below the low mark again. */
  public void outputWritable() {
    advance();
  }

  /** All that was committed to the output has really been written to the socket. */
  public void outputFlushed() {
    closing.outputFlushed();
    advanceIfEnding();
  }

  // What this side wants.

  /** Whether data may be sent: nothing has begun to end the connection. */
  public boolean isOpen() {
    return closing.isOpen();
  }

  /**
   * Sends a text message, compressed where that was agreed on and is worth it; lone surrogates
   * become U+FFFD. On a connection that is not open it is dropped.
   *
   * @return how many bytes of UTF-8 the text takes, 0 if it was dropped
   */
  public int sendText(String text, @Nullable Delivery delivery) {
    return sendText(text, true, delivery);
  }

  /**
   * Sends a text message; lone surrogates become U+FFFD. On a connection that is not open it is
   * dropped.
   *
   * @param compress whether it may be compressed
   * @return how many bytes of UTF-8 the text takes, 0 if it was dropped
   */
  public int sendText(String text, boolean compress, @Nullable Delivery delivery) {
    if (text.length() <= DIRECT_TEXT_CHARS && closing.isOpen()) {
      int encodedLength = TextEncoder.encodedLength(text);
      if (queue.isDirect(encodedLength) && !(compress && queue.compresses(encodedLength))) {
        queue.directText(text, encodedLength, receivers.textScratch(), delivery);
        advanceIfEnding();
        return encodedLength;
      }
    }
    if (closing.isOpen()) {
      byte[] utf8 = TextEncoder.encode(text);
      send(Opcode.TEXT, utf8, compress, delivery);
      return utf8.length;
    }
    drop(delivery);
    return 0;
  }

  /**
   * Sends a text message that is UTF-8 already, which is the caller's word. On a connection that is
   * not open it is dropped.
   *
   * @param utf8 not copied: the caller hands it over
   */
  public void sendText(byte[] utf8, @Nullable Delivery delivery) {
    send(Opcode.TEXT, utf8, true, delivery);
  }

  /**
   * Sends a text message that is UTF-8 already, which is the caller's word. On a connection that is
   * not open it is dropped.
   *
   * @param utf8 not copied: the caller hands it over
   * @param compress whether it may be compressed
   */
  public void sendText(byte[] utf8, boolean compress, @Nullable Delivery delivery) {
    send(Opcode.TEXT, utf8, compress, delivery);
  }

  /**
   * Sends a message at once, as one frame and without a copy of its payload, if it can be: nothing
   * waits before it, the output has room and it need not be compressed.
   *
   * @param text whether it is a text message, whose payload is UTF-8, which is the caller's word
   * @param source whose part is the payload
   * @param compress whether it may be compressed
   * @return false if it can not, or the connection is not open; then nothing has been done
   */
  public boolean sendNow(boolean text, byte[] source, int offset, int length, boolean compress) {
    if (!closing.isOpen() || !queue.isDirect(length) || (compress && queue.compresses(length))) {
      return false;
    }
    queue.direct(text ? Opcode.TEXT : Opcode.BINARY, source, offset, length);
    advanceIfEnding();
    return true;
  }

  /**
   * Sends a binary message, compressed where that was agreed on and is worth it. On a connection
   * that is not open it is dropped.
   *
   * @param payload not copied: the caller hands it over
   */
  public void sendBinary(byte[] payload, @Nullable Delivery delivery) {
    send(Opcode.BINARY, payload, true, delivery);
  }

  /**
   * Sends a binary message. On a connection that is not open it is dropped.
   *
   * @param payload not copied: the caller hands it over
   * @param compress whether it may be compressed
   */
  public void sendBinary(byte[] payload, boolean compress, @Nullable Delivery delivery) {
    send(Opcode.BINARY, payload, compress, delivery);
  }

  /**
   * Sends a binary message as {@link #sendBinary(byte[], boolean, Delivery)} does, whose payload
   * stays the caller's: what is not laid down before this returns is copied.
   */
  public void lendBinary(byte[] payload, boolean compress, @Nullable Delivery delivery) {
    if (closing.isOpen()) {
      queue.lentMessage(Opcode.BINARY, payload, compress, delivery);
      advanceIfEnding();
    } else {
      drop(delivery);
    }
  }

  /**
   * Sends a message that others get too, compressed where that was agreed on and is worth it. On a
   * connection that is not open it is dropped.
   */
  public void send(SharedMessage message, @Nullable Delivery delivery) {
    if (closing.isOpen()) {
      queue.shared(message, delivery);
      advanceIfEnding();
    } else {
      drop(delivery);
    }
  }

  /**
   * Sends a ping ahead of queued messages; nothing once this side's Close frame went.
   *
   * @throws IllegalArgumentException if the payload is over 125 bytes
   */
  public void sendPing(byte[] payload) {
    sendControl(Opcode.PING, payload);
  }

  /**
   * Sends a pong that nobody asked for, ahead of queued messages; nothing once this side's Close
   * frame went.
   *
   * @throws IllegalArgumentException if the payload is over 125 bytes
   */
  public void sendPong(byte[] payload) {
    sendControl(Opcode.PONG, payload);
  }

  /**
   * Starts the closing handshake: the Close frame goes after all accepted data (H3), and what the
   * peer still sends is dropped (H4, H6). Without effect when the connection is ending already,
   * except that after {@link #closeOutput} no more messages are reported.
   *
   * @param status what the Close frame carries; {@link CloseStatus#NONE} for no body
   * @throws IllegalArgumentException if a server is to send 1010
   */
  public void close(CloseStatus status) {
    checkMaySend(status.code());
    if (closing.isOpen()) {
      closing.closeRequested(status);
      discard();
      announceClosing();
      advance();
    } else {
      discard();
    }
  }

  /**
   * Starts the closing handshake as {@link #close} does, but goes on to report the messages that
   * the peer sends before its own Close frame.
   *
   * @param status what the Close frame carries; {@link CloseStatus#NONE} for no body
   * @throws IllegalArgumentException if a server is to send 1010
   */
  public void closeOutput(CloseStatus status) {
    checkMaySend(status.code());
    if (closing.isOpen()) {
      closing.closeRequested(status);
      announceClosing();
      advance();
    }
  }

  /** Whether messages may still come: nothing but this side's close has begun to end it. */
  public boolean isReceiving() {
    return closing.readsFrames();
  }

  /** Whether a message has begun to come and is not complete. */
  public boolean isMidMessage() {
    return receiver != null && receiver.isMidMessage();
  }

  /**
   * Fails the connection (RFC 6455 §7.1.7): a Close frame goes now, ahead of queued data, which is
   * dropped, and input is no longer processed. Without effect when the connection failed before or
   * both Close frames were exchanged.
   *
   * @param closeCode what the Close frame carries, one that may travel
   * @param cause what the outcome will name
   * @throws IllegalArgumentException if the code may not travel, or a server is to send 1010
   */
  public void fail(int closeCode, Throwable cause) {
    checkMaySend(closeCode);
    closing.failed(CloseStatus.failure(closeCode), cause);
    discard();
    advance();
  }

  /**
   * Closes the transport at once, without a Close frame.
   *
   * @param cause what the outcome will name, if anything
   */
  public void abort(@Nullable Throwable cause) {
    closing.aborted(cause);
    discard();
    advance();
  }

  /**
   * Takes back a message of which nothing is framed yet.
   *
   * @param delivery what the message was given with; it is told nothing
   * @return false if the message has begun to be sent, or was sent or dropped
   */
  public boolean withdraw(Delivery delivery) {
    return queue.withdraw(delivery);
  }

  /** Payload of messages that was accepted and is not committed to the output yet, in bytes. */
  public long queuedBytes() {
    return queue.queuedBytes();
  }

  private void send(Opcode opcode, byte[] payload, boolean compress, @Nullable Delivery delivery) {
    if (closing.isOpen()) {
      queue.message(opcode, payload, compress, delivery);
      advanceIfEnding();
    } else {
      drop(delivery);
    }
  }

  /**
   * Data that the driver had accepted came here only after the connection had begun to end, and was
   * dropped: the close is not clean (H2).
   */
  public void acceptedDataLost() {
    closing.dataDropped();
  }

  private static void drop(@Nullable Delivery delivery) {
    if (delivery != null) {
      delivery.dropped();
    }
  }

  private void sendControl(Opcode opcode, byte[] payload) {
    if (payload.length > FrameHeader.MAX_CONTROL_BYTES) {
      throw new IllegalArgumentException(
          "payload is "
              + payload.length
              + " bytes, the limit of a control frame is "
              + FrameHeader.MAX_CONTROL_BYTES);
    }
    if (closing.maySend()) {
      queue.control(opcode, payload);
    }
  }

  private void checkMaySend(int closeCode) {
    if (frames.role() == Role.SERVER && closeCode == CloseCode.MANDATORY_EXTENSION) {
      throw new IllegalArgumentException("expected a code that a server may send but was 1010");
    }
  }

  // What the peer's control frames ask for.

  void pingReceived(byte[] payload) {
    if (closing.maySend()) {
      queue.control(Opcode.PONG, payload);
    }
    if (!closing.isClosed()) {
      events.pingReceived(payload);
    }
  }

  void closeFrameReceived(CloseStatus status) {
    events.endComing();
    if (!closing.readsFrames()) {
      return; // what was delivered now has ended it otherwise
    }
    closing.closeFrameReceived(status);
    discard();
    sendCloseIfDue();
    if (!closing.isClosed()) {
      events.closeReceived(status);
    }
    advance();
  }

  /** Throws away what has come of a message, and from here on all messages (H4, H6). */
  private void discard() {
    discarding = true;
    if (receiver != null) {
      receiver.discard();
    }
    if (compression != null) {
      compression.releaseInflater();
    }
  }

  // Ending.

  /** A delivery may have begun to end the connection. */
  private void advanceIfEnding() {
    if (!closing.isOpen()) {
      advance();
    }
  }

  /** Does what the state of things asks for now; called after anything that may change it. */
  private void advance() {
    if (closing.isClosed()) {
      return;
    }
    if (closing.maySend()) {
      queue.pump();
    }
    sendCloseIfDue();
    if (closing.isOpen()) {
      return;
    }
    announceClosing();
    if (!closing.maySend() && queue.drop()) {
      closing.dataDropped();
    }
    endTransport();
  }

  private void sendCloseIfDue() {
    CloseStatus status = closing.closeFrameDue(queue.isWaiting());
    if (status != null) {
      byte[] body = status.encode();
      closing.closeFrameSent();
      frames.write(true, Opcode.CLOSE, body, 0, body.length);
    }
  }

  private void endTransport() {
    if (closing.nextStep() == ClosingHandshake.Step.SHUT_OUTPUT) {
      closing.outputShut();
      frames.output().shutdownOutput();
    }
    if (closing.nextStep() == ClosingHandshake.Step.CLOSE_TRANSPORT) {
      closing.transportClosing();
      frames.output().closeTransport();
    }
  }

  private void announceClosing() {
    if (!closingAnnounced) {
      closingAnnounced = true;
      events.closingStarted();
    }
  }
}
