package dev.weir.protocol.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.protocol.close.CloseOutcome;
import dev.weir.protocol.close.CloseStatus;
import dev.weir.protocol.deflate.Compression;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/**
 * A connection with a transport of memory, driven by hand: bytes are given and taken as hex, events
 * as one line each. Not thread-safe.
 */
final class DrivenConnection implements ConnectionEvents, ConnectionOutput {
  static final HexFormat HEX = HexFormat.of();

  /** The masking key of RFC 6455's own examples (§5.7). */
  static final int MASK = 0x37fa213d;

  final Connection connection;
  private final Role role;
  private final List<String> events = new ArrayList<>();
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private ByteBuffer room = ByteBuffer.allocate(0);
  private boolean direct;
  private boolean writable = true;
  private boolean flushesAtOnce = true;
  private Consumer<String> reaction = event -> {};
  private CloseOutcome outcome;

  private DrivenConnection(Role role, Limits limits) {
    this(role, limits, null);
  }

  private DrivenConnection(Role role, Limits limits, Compression compression) {
    this.role = role;
    this.connection =
        new Connection(
            role,
            limits,
            compression,
            () -> {
              assertThat(role).as("who masks").isEqualTo(Role.CLIENT);
              return MASK;
            },
            this,
            this);
  }

  static DrivenConnection client() {
    return client(Limits.client());
  }

  static DrivenConnection client(Limits limits) {
    return new DrivenConnection(Role.CLIENT, limits);
  }

  static DrivenConnection server() {
    return server(Limits.server());
  }

  static DrivenConnection server(Limits limits) {
    return new DrivenConnection(Role.SERVER, limits);
  }

  static DrivenConnection of(Role role, Limits limits, Compression compression) {
    return new DrivenConnection(role, limits, compression);
  }

  static DrivenConnection of(Role role) {
    return role == Role.CLIENT ? client() : server();
  }

  /** Lends the connection buffers outside the heap. */
  DrivenConnection withDirectBuffers() {
    direct = true;
    return this;
  }

  /** Reports flushes only when {@link #flush} is called. */
  DrivenConnection flushingByHand() {
    flushesAtOnce = false;
    return this;
  }

  /** Does something from inside events. */
  DrivenConnection reacting(Consumer<String> reaction) {
    this.reaction = reaction;
    return this;
  }

  DrivenConnection receive(String hex) {
    return receive(bytes(hex));
  }

  DrivenConnection receive(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    connection.receive(buffer);
    assertThat(buffer.remaining()).as("bytes left over").isZero();
    return settle();
  }

  /** Frames the payload as the peer would, unfragmented. */
  DrivenConnection receiveFrame(int firstByte, String payloadHex) {
    return receive(frameFromPeer(role, firstByte, bytes(payloadHex)));
  }

  DrivenConnection inputShut() {
    connection.inputShut();
    return settle();
  }

  DrivenConnection flush() {
    connection.outputFlushed();
    return this;
  }

  /** Reports a flush where flushes are reported at once. */
  DrivenConnection settle() {
    if (flushesAtOnce) {
      connection.outputFlushed();
    }
    return this;
  }

  DrivenConnection unwritable() {
    writable = false;
    return this;
  }

  DrivenConnection writable() {
    writable = true;
    connection.outputWritable();
    return settle();
  }

  /** What was sent since it was last asked for, in hex. */
  String sent() {
    return HEX.formatHex(sentBytes());
  }

  byte[] sentBytes() {
    byte[] bytes = sent.toByteArray();
    sent.reset();
    return bytes;
  }

  /** The events since they were last asked for. */
  List<String> events() {
    List<String> taken = List.copyOf(events);
    events.clear();
    return taken;
  }

  CloseOutcome outcome() {
    assertThat(outcome).as("outcome").isNotNull();
    return outcome;
  }

  boolean isClosed() {
    return outcome != null;
  }

  /** Fails if anything was sent or reported that the test did not look at. */
  void assertNothingUnread() {
    assertThat(events()).as("unread events").isEmpty();
    assertThat(sent()).as("unread bytes").isEmpty();
  }

  Delivery delivery(String name) {
    return new Delivery() {
      private boolean called;

      @Override
      public void handedOver() {
        once();
        note("handed over " + name);
      }

      @Override
      public void dropped() {
        once();
        note("dropped " + name);
      }

      private void once() {
        assertThat(called).as("delivery of %s was reported before", name).isFalse();
        called = true;
      }
    };
  }

  private void note(String event) {
    assertThat(outcome == null || event.startsWith("dropped"))
        .as("%s after closed", event)
        .isTrue();
    events.add(event);
    reaction.accept(event);
  }

  static byte[] bytes(String hex) {
    return HEX.parseHex(hex.replace(" ", ""));
  }

  /** A frame as the peer of this role sends it: masked with zeros where it is a client. */
  static byte[] frameFromPeer(Role role, int firstByte, byte[] payload) {
    boolean masked = role == Role.SERVER;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(firstByte);
    int maskBit = masked ? 0x80 : 0;
    if (payload.length < 126) {
      out.write(maskBit | payload.length);
    } else if (payload.length < 65_536) {
      out.write(maskBit | 126);
      out.writeBytes(ByteBuffer.allocate(2).putShort((short) payload.length).array());
    } else {
      out.write(maskBit | 127);
      out.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
    }
    if (masked) {
      out.writeBytes(new byte[4]);
    }
    out.writeBytes(payload);
    return out.toByteArray();
  }

  // The driver's side of the contract.

  @Override
  public ByteBuffer reserve(int bytes) {
    assertThat(bytes).isPositive();
    // Odd offsets before and behind: nothing may lean on where the room lies.
    room = direct ? ByteBuffer.allocateDirect(bytes + 5) : ByteBuffer.allocate(bytes + 5);
    room.position(3);
    return room.hasArray() ? room.slice().position(0) : room;
  }

  @Override
  public void commit(int bytes) {
    assertThat(events)
        .as("output after the end")
        .doesNotContain("shutdownOutput", "closeTransport");
    byte[] committed = new byte[bytes];
    if (room.hasArray()) {
      System.arraycopy(room.array(), 3, committed, 0, bytes);
    } else {
      room.get(3, committed);
    }
    sent.writeBytes(committed);
  }

  @Override
  public boolean isWritable() {
    return writable;
  }

  @Override
  public void shutdownOutput() {
    note("shutdownOutput");
  }

  @Override
  public void closeTransport() {
    note("closeTransport");
    connection.transportClosed(null);
  }

  @Override
  public void textReceived(String text) {
    note("text " + text);
  }

  @Override
  public void binaryReceived(byte[] payload) {
    note("binary " + HEX.formatHex(payload));
  }

  @Override
  public void pingReceived(byte[] payload) {
    note("ping " + HEX.formatHex(payload));
  }

  @Override
  public void pongReceived(byte[] payload) {
    note("pong " + HEX.formatHex(payload));
  }

  @Override
  public void closeReceived(CloseStatus status) {
    note("close " + status.code() + " '" + status.reason() + "'");
  }

  @Override
  public void closingStarted() {
    note("closing");
  }

  @Override
  public void closed(CloseOutcome outcome) {
    note(
        "closed "
            + (outcome.clean() ? "clean" : "unclean")
            + " "
            + outcome.code()
            + " '"
            + outcome.reason()
            + "'"
            + (outcome.cause() == null ? "" : ": " + outcome.cause().getMessage()));
    this.outcome = outcome;
  }
}
