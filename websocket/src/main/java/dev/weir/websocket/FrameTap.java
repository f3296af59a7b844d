package dev.weir.websocket;

import dev.weir.protocol.close.ProtocolViolation;
import dev.weir.protocol.frame.FrameHeader;
import dev.weir.protocol.frame.Mask;
import dev.weir.protocol.frame.Opcode;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Reads the frames in one direction of a connection beside those who send and receive them. Not
 * thread-safe.
 */
final class FrameTap {
  private static final int ALL_RESERVED_BITS = 0x70;

  private final SocketAddress remoteAddress;
  private final boolean masked;
  private final Consumer<ObservedFrame> observer;
  private final FrameHeader header;

  // The frame that has begun.
  private boolean inPayload;
  private long payloadMissing;
  private byte[] preview = {};
  private int previewed;

  private boolean broken;

  FrameTap(SocketAddress remoteAddress, boolean masked, Consumer<ObservedFrame> observer) {
    this.remoteAddress = remoteAddress;
    this.masked = masked;
    this.observer = observer;
    this.header = new FrameHeader(masked, ALL_RESERVED_BITS);
  }

  /** Looks at the next bytes, whose buffer stays as it is. */
  void look(ByteBuffer bytes) {
    if (broken) {
      return;
    }
    ByteBuffer in = bytes.duplicate();
    try {
      while (in.hasRemaining()) {
        if (!inPayload) {
          if (!header.read(in)) {
            return;
          }
          begin();
        }
        payload(in);
      }
    } catch (ProtocolViolation violation) {
      // Where frames can not be told apart any more there is nothing to show; the connection says
      // why.
      broken = true;
    }
  }

  private void begin() {
    payloadMissing = header.length();
    preview = new byte[(int) Math.min(ObservedFrame.PREVIEW_BYTES, payloadMissing)];
    previewed = 0;
    inPayload = payloadMissing > 0;
    if (!inPayload) {
      tell();
    }
  }

  private void payload(ByteBuffer in) {
    if (!inPayload) {
      return;
    }
    int count = (int) Math.min(payloadMissing, in.remaining());
    int shown = Math.min(count, preview.length - previewed);
    if (shown > 0) {
      in.get(in.position(), preview, previewed, shown);
      previewed += shown;
      if (previewed == preview.length) {
        if (masked) {
          Mask.apply(preview, 0, preview.length, header.mask(), 0);
        }
        tell();
      }
    }
    in.position(in.position() + count);
    payloadMissing -= count;
    inPayload = payloadMissing > 0;
  }

  private void tell() {
    observer.accept(
        new ObservedFrame(
            remoteAddress,
            kind(header.opcode()),
            header.fin(),
            header.rsv(),
            header.length(),
            masked,
            preview));
  }

  private static ObservedFrame.Kind kind(Opcode opcode) {
    return switch (opcode) {
      case CONTINUATION -> ObservedFrame.Kind.CONTINUATION;
      case TEXT -> ObservedFrame.Kind.TEXT;
      case BINARY -> ObservedFrame.Kind.BINARY;
      case CLOSE -> ObservedFrame.Kind.CLOSE;
      case PING -> ObservedFrame.Kind.PING;
      case PONG -> ObservedFrame.Kind.PONG;
    };
  }
}
