package dev.weir.websocket.spi;

import dev.weir.protocol.connection.ConnectionOutput;
import java.net.SocketAddress;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The raw bytes of one WebSocket after its opening handshake: a TCP or TLS connection, or a stream
 * of an HTTP/2 or HTTP/3 connection. Not thread-safe: everything but {@link #eventLoop} and the
 * addresses is for the event loop alone.
 */
public interface WebSocketChannel extends ConnectionOutput {
  EventLoop eventLoop();

  /**
   * Begins to deliver input and events; the bytes that came together with the handshake first.
   * Called once.
   */
  void start(ChannelEvents events);

  /**
   * Hands everything committed to the operating system, or to the HTTP stream, as it takes it.
   *
   * @return whether it has taken all of it already; if not, {@link ChannelEvents#flushed} follows
   *     once it has, unless the output fails
   */
  boolean flush();

  /** Bytes committed and not yet taken by the operating system or the HTTP stream. */
  long unsentBytes();

  /**
   * Pauses or resumes reading. While paused the peer is slowed by TCP or flow-control credit; what
   * one read has already brought is still delivered.
   */
  void setReading(boolean reading);

  /** This end's address, for logs. */
  SocketAddress localAddress();

  /** The peer's address, for logs. */
  SocketAddress remoteAddress();

  /** The TLS session, or null where there is no TLS. */
  @Nullable SSLSession sslSession();
}
