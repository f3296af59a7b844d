package dev.weir.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The other end of a connection in the test's own hands: raw bytes and frames, right or wrong, to
 * send and to expect. Not thread-safe: for the thread that drives the loop.
 *
 * <pre>{@code
 * ScriptedPeer peer = transport.nextOpening().accept();
 * peer.sendText("hello");
 * peer.expectText("hello").expectClose(1000, "bye").sendClose(1000, "bye").close();
 * peer.expectNothingMore();
 * }</pre>
 *
 * <p>What is sent is under way when the method returns and arrives when the loop is driven. What is
 * expected drives the loop until it has come. It reads all that comes unless told to stop.
 */
public final class ScriptedPeer {
  private final ManualEventLoop loop;
  private final Link link;
  private final MemorySocket socket;
  private final boolean peerIsClient;
  private final String protocol;
  private final ByteQueue received = new ByteQueue();

  private @Nullable Consumer<Frame> onFrame;
  private boolean ended;
  private boolean gone;
  private @Nullable IOException goneCause;

  ScriptedPeer(
      ManualEventLoop loop, Link link, MemorySocket socket, boolean peerIsClient, String protocol) {
    this.loop = loop;
    this.link = link;
    this.socket = socket;
    this.peerIsClient = peerIsClient;
    this.protocol = protocol;
    socket.listen(new Reading());
    socket.setReading(true);
  }

  /** The connection below, to stall it, to cut it into pieces or to break it. */
  public Link link() {
    return link;
  }

  /** The subprotocol agreed on, empty if none. */
  public String protocol() {
    return protocol;
  }

  // Sending

  /** Sends these bytes, given in hexadecimal with or without spaces. */
  public ScriptedPeer send(String hex) {
    return send(bytesOf(hex));
  }

  /** Sends these bytes. */
  public ScriptedPeer send(byte[] bytes) {
    socket.write(bytes.clone());
    return this;
  }

  /** Sends the frame, masked if and only if this peer is a client, whatever the frame says. */
  public ScriptedPeer send(Frame frame) {
    return send(FrameBytes.of(frame, peerIsClient));
  }

  /** Sends a text message in one frame. */
  public ScriptedPeer sendText(String text) {
    return send(Frame.of(Frame.TEXT, text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Sends a binary message in one frame. */
  public ScriptedPeer sendBinary(byte[] payload) {
    return send(Frame.of(Frame.BINARY, payload));
  }

  /** Sends a text message in one frame for each part; the bytes may be cut inside a character. */
  public ScriptedPeer sendTextFragments(byte[]... parts) {
    return sendFragments(Frame.TEXT, parts);
  }

  /** Sends a binary message in one frame for each part. */
  public ScriptedPeer sendBinaryFragments(byte[]... parts) {
    return sendFragments(Frame.BINARY, parts);
  }

  /** Sends a ping. */
  public ScriptedPeer sendPing(byte[] payload) {
    return send(Frame.of(Frame.PING, payload));
  }

  /** Sends a pong. */
  public ScriptedPeer sendPong(byte[] payload) {
    return send(Frame.of(Frame.PONG, payload));
  }

  /** Sends a Close frame without a body, which the other end reports as 1005. */
  public ScriptedPeer sendClose() {
    return send(Frame.of(Frame.CLOSE, new byte[0]));
  }

  /** Sends a Close frame with any code and reason, allowed or not. */
  public ScriptedPeer sendClose(int code, String reason) {
    return send(Frame.close(code, reason));
  }

  /** Ends this peer's output after all that was sent. */
  public ScriptedPeer shutdownOutput() {
    socket.shutdownOutput();
    return this;
  }

  /** Closes the connection in order, dropping what the window has not taken. */
  public ScriptedPeer close() {
    socket.close();
    return this;
  }

  /** Resets the connection. */
  public ScriptedPeer reset() {
    socket.reset();
    return this;
  }

  /** How many sent bytes the window has not taken, because the other end does not read. */
  public int unsentBytes() {
    return socket.unsentBytes();
  }

  private ScriptedPeer sendFragments(int opcode, byte[]... parts) {
    for (int i = 0; i < parts.length; i++) {
      boolean last = i == parts.length - 1;
      send(new Frame(last, 0, i == 0 ? opcode : Frame.CONTINUATION, false, parts[i]));
    }
    return this;
  }

  // Reading

  /** Stops to read: the window fills, and then the other end's bytes stay with it. */
  public ScriptedPeer stopReading() {
    socket.setReading(false);
    return this;
  }

  /** Reads again. */
  public ScriptedPeer resumeReading() {
    socket.setReading(true);
    return this;
  }

  /**
   * Hands each frame that has come and comes to the consumer, inside the loop's tasks, instead of
   * keeping it to be expected.
   */
  public ScriptedPeer onFrame(Consumer<Frame> consumer) {
    onFrame = consumer;
    loop.execute(this::consume);
    return this;
  }

  /** How many bytes have come and were not expected yet. */
  public int receivedBytes() {
    return received.size();
  }

  /** Whether the other end has ended its output or is gone. */
  public boolean hasEnded() {
    return ended || gone;
  }

  /** Waits for the next bytes and takes them. */
  public byte[] awaitBytes(int count) {
    await(() -> received.size() >= count, () -> count + " bytes");
    return received.take(count);
  }

  /** Expects these bytes, given in hexadecimal with or without spaces, to come next. */
  public ScriptedPeer expect(String hex) {
    byte[] expected = bytesOf(hex);
    byte[] actual = awaitBytes(expected.length);
    if (!Arrays.equals(expected, actual)) {
      throw new AssertionError("expected bytes " + hex(expected) + " but was " + hex(actual));
    }
    return this;
  }

  /** Waits for the next frame and takes it. Its masking is checked. */
  public Frame nextFrame() {
    Frame[] frame = new Frame[1];
    await(() -> (frame[0] = FrameBytes.take(received)) != null, () -> "a frame");
    if (frame[0].masked() == peerIsClient) {
      throw new AssertionError(
          "expected a frame "
              + (peerIsClient ? "without mask" : "with mask")
              + " but was "
              + frame[0]);
    }
    return frame[0];
  }

  /** Expects a text message, of one frame or several. */
  public ScriptedPeer expectText(String text) {
    Frame message = nextMessage();
    if (message.opcode() != Frame.TEXT || !message.text().equals(text)) {
      throw mismatch("a Text message: \"" + text + '"', message);
    }
    return this;
  }

  /** Expects a binary message, of one frame or several. */
  public ScriptedPeer expectBinary(byte[] payload) {
    Frame message = nextMessage();
    if (message.opcode() != Frame.BINARY || !Arrays.equals(message.payload(), payload)) {
      throw mismatch("a " + Frame.of(Frame.BINARY, payload), message);
    }
    return this;
  }

  /** Waits for the next message and takes it, its fragments joined. */
  public Frame nextMessage() {
    Frame frame = nextFrame();
    int opcode = frame.opcode();
    if (opcode != Frame.TEXT && opcode != Frame.BINARY) {
      throw mismatch("a message", frame);
    }
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    payload.writeBytes(frame.payload());
    while (!frame.fin()) {
      frame = nextFrame();
      if (frame.opcode() != Frame.CONTINUATION) {
        throw mismatch("a Continuation", frame);
      }
      payload.writeBytes(frame.payload());
    }
    return new Frame(true, 0, opcode, frame.masked(), payload.toByteArray());
  }

  /** Expects a ping and returns its payload. */
  public byte[] expectPing() {
    return expectControl(Frame.PING, "a Ping").payload();
  }

  /** Expects a pong with this payload. */
  public ScriptedPeer expectPong(byte[] payload) {
    Frame pong = expectControl(Frame.PONG, "a Pong");
    if (!Arrays.equals(pong.payload(), payload)) {
      throw mismatch("a " + Frame.of(Frame.PONG, payload), pong);
    }
    return this;
  }

  /** Expects a Close frame with this code and reason. */
  public ScriptedPeer expectClose(int code, String reason) {
    Frame close = expectControl(Frame.CLOSE, "a Close");
    if (!Arrays.equals(close.payload(), Frame.close(code, reason).payload())) {
      throw mismatch("a Close: " + code + " \"" + reason + '"', close);
    }
    return this;
  }

  /** Expects a Close frame without a body. */
  public ScriptedPeer expectClose() {
    Frame close = expectControl(Frame.CLOSE, "a Close");
    if (close.payload().length != 0) {
      throw mismatch("a Close without a body", close);
    }
    return this;
  }

  /** Expects the other end to end its output in order, after all bytes have been expected. */
  public ScriptedPeer expectEnd() {
    expectOver(() -> "the end of the output");
    if (goneCause != null) {
      throw new AssertionError("expected the end of the output but was " + goneCause);
    }
    return this;
  }

  /** Expects the other end to reset the connection, after all bytes have been expected. */
  public ScriptedPeer expectReset() {
    if (!loop.runWhilePatient(() -> goneCause != null)) {
      throw new AssertionError("expected a reset but was " + state());
    }
    return this;
  }

  /** Runs what is pending and expects that no byte is left that was not expected. */
  public ScriptedPeer expectNothingMore() {
    loop.runPending();
    if (!received.isEmpty()) {
      Frame frame = FrameBytes.take(received);
      throw new AssertionError(
          "expected nothing more but was "
              + (frame != null ? frame : hex(received.take(received.size()))));
    }
    return this;
  }

  private Frame expectControl(int opcode, String what) {
    Frame frame = nextFrame();
    if (frame.opcode() != opcode) {
      throw mismatch(what, frame);
    }
    return frame;
  }

  private void expectOver(Supplier<String> what) {
    loop.runWhilePatient(() -> ended || gone);
    if (!received.isEmpty() || !(ended || gone)) {
      throw new AssertionError("expected " + what.get() + " but was " + state());
    }
  }

  private void await(BooleanSupplier condition, Supplier<String> what) {
    boolean[] met = new boolean[1];
    boolean done = loop.runWhilePatient(() -> (met[0] = condition.getAsBoolean()) || ended || gone);
    if (!done || !met[0]) {
      throw new AssertionError("expected " + what.get() + " but was " + state());
    }
  }

  private static AssertionError mismatch(String expected, Frame actual) {
    return new AssertionError("expected " + expected + " but was a " + actual);
  }

  private String state() {
    String over = goneCause != null ? goneCause.toString() : gone || ended ? "ended" : "open";
    int shown = Math.min(received.size(), 64);
    byte[] first = new byte[shown];
    for (int i = 0; i < shown; i++) {
      first[i] = received.get(i);
    }
    return over
        + ", with "
        + received.size()
        + " bytes received"
        + (shown == 0 ? "" : ": " + hex(first));
  }

  private void consume() {
    Consumer<Frame> consumer = onFrame;
    if (consumer != null) {
      for (Frame frame = FrameBytes.take(received);
          frame != null;
          frame = FrameBytes.take(received)) {
        consumer.accept(frame);
      }
    }
  }

  private static byte[] bytesOf(String hex) {
    return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.ofDelimiter(" ").formatHex(bytes);
  }

  @Override
  public String toString() {
    return (peerIsClient ? "scripted client, " : "scripted server, ") + state();
  }

  private final class Reading implements MemorySocket.Events {
    @Override
    public void bytes(ByteBuffer piece) {
      byte[] copy = new byte[piece.remaining()];
      piece.get(copy);
      received.add(copy);
    }

    @Override
    public void burstEnded() {
      consume();
    }

    @Override
    public void ending() {}

    @Override
    public void ended() {
      ended = true;
      socket.closeIfOver();
    }

    @Override
    public void taken() {}

    @Override
    public void drained() {}

    @Override
    public void gone(@Nullable IOException cause) {
      gone = true;
      goneCause = cause;
    }
  }
}
