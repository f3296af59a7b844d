package dev.weir.cli;

import dev.weir.protocol.handshake.HandshakeRequest;
import dev.weir.protocol.handshake.Headers;
import dev.weir.websocket.ObservedFrame;
import dev.weir.websocket.UpgradeRequest;
import dev.weir.websocket.WireObserver;
import dev.weir.websocket.opening.HandshakeResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Shows handshakes and frames as lines: {@code >} for what this side sends, {@code <} for what it
 * receives. Thread-safe if its sink is.
 */
final class WireLog implements WireObserver {
  /** The reserved bit that RFC 7692 §6 gives a meaning. */
  private static final int COMPRESSED = 0x40;

  private final Consumer<String> sink;
  private final boolean namesPeers;

  /**
   * A log.
   *
   * @param namesPeers whether each frame's line begins with the peer's address
   */
  WireLog(Consumer<String> sink, boolean namesPeers) {
    this.sink = sink;
    this.namesPeers = namesPeers;
  }

  @Override
  public void requestSent(HandshakeRequest request) {
    sink.accept("> " + request.method() + ' ' + request.target() + " HTTP/1.1");
    headers('>', request.headers());
  }

  @Override
  public void accepted(HandshakeResponse response) {
    sink.accept("< HTTP/1.1 " + response.status() + ' ' + Shown.line(response.statusText()));
    headers('<', response.headers());
  }

  /** Shows a request that a server got, before it is answered. */
  void requested(UpgradeRequest request) {
    String peer = Addresses.text(request.remoteAddress()) + ' ';
    sink.accept(peer + "< GET " + Shown.line(request.target()) + " HTTP/1.1");
    request.headers().forEach(field -> sink.accept(peer + "< " + Shown.field(field)));
  }

  private void headers(char direction, Headers headers) {
    headers.forEach(field -> sink.accept(direction + " " + Shown.field(field)));
    sink.accept(String.valueOf(direction));
  }

  @Override
  public void frameSent(ObservedFrame frame) {
    frame('>', frame);
  }

  @Override
  public void frameReceived(ObservedFrame frame) {
    frame('<', frame);
  }

  private void frame(char direction, ObservedFrame frame) {
    var line = new StringBuilder();
    if (namesPeers) {
      line.append(Addresses.text(frame.remoteAddress())).append(' ');
    }
    line.append(direction).append(' ').append(frame.kind());
    line.append(frame.fin() ? " fin" : " more");
    int unknown = frame.reserved();
    if (isCompressed(frame)) {
      line.append(" compressed");
      unknown &= ~COMPRESSED;
    }
    if (unknown != 0) {
      line.append(" rsv=0x").append(Integer.toHexString(unknown));
    }
    if (frame.masked()) {
      line.append(" masked");
    }
    line.append(' ').append(frame.length()).append(frame.length() == 1 ? " byte" : " bytes");
    String preview = preview(frame);
    if (!preview.isEmpty()) {
      line.append(": ").append(preview);
    }
    sink.accept(line.toString());
  }

  /** Whether the frame begins a compressed message; what continues one does not say so. */
  private static boolean isCompressed(ObservedFrame frame) {
    boolean begins =
        frame.kind() == ObservedFrame.Kind.TEXT || frame.kind() == ObservedFrame.Kind.BINARY;
    return begins && (frame.reserved() & COMPRESSED) != 0;
  }

  private static String preview(ObservedFrame frame) {
    byte[] bytes = frame.preview();
    if (bytes.length == 0) {
      return "";
    }
    String more = bytes.length < frame.length() ? " …" : "";
    if (frame.kind() == ObservedFrame.Kind.TEXT && !isCompressed(frame)) {
      return '"' + Shown.line(new String(bytes, StandardCharsets.UTF_8)) + '"' + more;
    }
    if (frame.kind() == ObservedFrame.Kind.CLOSE) {
      int code = bytes.length < 2 ? -1 : ((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff);
      if (code >= 0) {
        String reason = new String(bytes, 2, bytes.length - 2, StandardCharsets.UTF_8);
        return CloseNames.of(code)
            + (reason.isEmpty() ? "" : " \"" + Shown.line(reason) + '"' + more);
      }
    }
    String hex = Shown.bytes(bytes, frame.length());
    return hex.substring(hex.indexOf(':') + 2).toLowerCase(Locale.ROOT);
  }
}
