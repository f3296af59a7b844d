package dev.weir.websocket;

import dev.weir.protocol.connection.Role;
import dev.weir.websocket.spi.ChannelEvents;
import dev.weir.websocket.spi.EventLoop;
import dev.weir.websocket.spi.WebSocketChannel;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A channel whose frames are shown to an observer on their way. Not thread-safe, as channels are.
 */
final class ObservedChannel implements WebSocketChannel {
  private final WebSocketChannel channel;
  private final FrameTap sent;
  private final FrameTap received;
  private ByteBuffer room = ByteBuffer.allocate(0);

  ObservedChannel(WebSocketChannel channel, Role role, WireObserver observer) {
    this.channel = channel;
    SocketAddress peer = channel.remoteAddress();
    this.sent = new FrameTap(peer, role == Role.CLIENT, observer::frameSent);
    this.received = new FrameTap(peer, role == Role.SERVER, observer::frameReceived);
  }

  @Override
  public void start(ChannelEvents events) {
    channel.start(
        new ChannelEvents() {
          @Override
          public void received(ByteBuffer bytes) {
            // Before the receiver, which may unmask in place.
            received.look(bytes);
            events.received(bytes);
          }

          @Override
          public void readComplete() {
            events.readComplete();
          }

          @Override
          public void writable() {
            events.writable();
          }

          @Override
          public void flushed() {
            events.flushed();
          }

          @Override
          public void inputEnding() {
            events.inputEnding();
          }

          @Override
          public void inputShut() {
            events.inputShut();
          }

          @Override
          public void closed(@Nullable Throwable cause) {
            events.closed(cause);
          }
        });
  }

  @Override
  public ByteBuffer reserve(int bytes) {
    ByteBuffer reserved = channel.reserve(bytes);
    room = reserved.duplicate();
    return reserved;
  }

  @Override
  public void commit(int bytes) {
    sent.look(room.limit(room.position() + bytes));
    channel.commit(bytes);
  }

  @Override
  public boolean isWritable() {
    return channel.isWritable();
  }

  @Override
  public void shutdownOutput() {
    channel.shutdownOutput();
  }

  @Override
  public void closeTransport() {
    channel.closeTransport();
  }

  @Override
  public EventLoop eventLoop() {
    return channel.eventLoop();
  }

  @Override
  public boolean flush() {
    return channel.flush();
  }

  @Override
  public long unsentBytes() {
    return channel.unsentBytes();
  }

  @Override
  public void setReading(boolean reading) {
    channel.setReading(reading);
  }

  @Override
  public SocketAddress localAddress() {
    return channel.localAddress();
  }

  @Override
  public SocketAddress remoteAddress() {
    return channel.remoteAddress();
  }

  @Override
  public @Nullable SSLSession sslSession() {
    return channel.sslSession();
  }
}
