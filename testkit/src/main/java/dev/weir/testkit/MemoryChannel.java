package dev.weir.testkit;

import dev.weir.websocket.spi.ChannelEvents;
import dev.weir.websocket.spi.EventLoop;
import dev.weir.websocket.spi.WebSocketChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A {@link WebSocketChannel} on one end of a {@link Link}, which holds its user strictly to the
 * contract of the interface. Not thread-safe: for tasks of the loop.
 */
final class MemoryChannel implements WebSocketChannel, MemorySocket.Events {
  // Room never begins at 0, so that who takes positions for offsets of the room is found out.
  private static final int ROOM_OFFSET = 5;

  private final ManualEventLoop loop;
  private final MemorySocket socket;
  private final SocketAddress local;
  private final SocketAddress remote;
  private final int lowMark;
  private final int highMark;
  private final ByteQueue committed = new ByteQueue();

  private @Nullable ByteBuffer room;
  private @Nullable ChannelEvents events;
  private boolean reading = true;
  private boolean full;
  private boolean outputShut;
  private boolean gone;
  private @Nullable IOException goneCause;

  MemoryChannel(
      ManualEventLoop loop,
      MemorySocket socket,
      SocketAddress local,
      SocketAddress remote,
      int lowMark,
      int highMark) {
    this.loop = loop;
    this.socket = socket;
    this.local = local;
    this.remote = remote;
    this.lowMark = lowMark;
    this.highMark = highMark;
    socket.listen(this);
  }

  @Override
  public EventLoop eventLoop() {
    return loop;
  }

  @Override
  public void start(ChannelEvents channelEvents) {
    checkLoop();
    if (events != null) {
      throw new IllegalStateException("expected one call of start but was a second");
    }
    events = channelEvents;
    socket.setReading(reading);
    if (gone) {
      loop.execute(() -> channelEvents.closed(goneCause));
    }
  }

  @Override
  public ByteBuffer reserve(int bytes) {
    checkLoop();
    if (bytes <= 0) {
      throw new IllegalArgumentException("expected 1 byte of room or more but was " + bytes);
    }
    if (outputShut) {
      throw new IllegalStateException("expected no output after shutdownOutput but was " + bytes);
    }
    ByteBuffer made = ByteBuffer.allocate(ROOM_OFFSET + bytes);
    made.position(ROOM_OFFSET);
    room = made;
    return made;
  }

  @Override
  public void commit(int bytes) {
    checkLoop();
    ByteBuffer filled = room;
    if (filled == null) {
      throw new IllegalStateException("expected room to be reserved before commit but was none");
    }
    room = null;
    if (bytes < 0 || bytes > filled.capacity() - ROOM_OFFSET) {
      throw new IllegalArgumentException(
          "expected 0 to "
              + (filled.capacity() - ROOM_OFFSET)
              + " bytes to be committed but was "
              + bytes);
    }
    if (!isGone()) {
      committed.add(filled.array(), filled.arrayOffset() + ROOM_OFFSET, bytes);
      full |= unsentBytes() > highMark;
    }
  }

  @Override
  public boolean isWritable() {
    checkLoop();
    return !full && !isGone();
  }

  @Override
  public boolean flush() {
    checkLoop();
    socket.write(committed.take(committed.size()));
    return !isGone() && unsentBytes() == 0;
  }

  @Override
  public void shutdownOutput() {
    checkLoop();
    if (!outputShut) {
      outputShut = true;
      boolean ignored = flush(); // flushed follows
      socket.shutdownOutput();
    }
  }

  @Override
  public void closeTransport() {
    checkLoop();
    committed.clear();
    socket.close();
  }

  @Override
  public long unsentBytes() {
    checkLoop();
    return (long) committed.size() + socket.unsentBytes();
  }

  @Override
  public void setReading(boolean nowReading) {
    checkLoop();
    reading = nowReading;
    if (events != null) {
      socket.setReading(nowReading);
    }
  }

  @Override
  public SocketAddress localAddress() {
    return local;
  }

  @Override
  public SocketAddress remoteAddress() {
    return remote;
  }

  /** Always null: there is no TLS in memory. */
  @Override
  public @Nullable SSLSession sslSession() {
    return null;
  }

  private boolean isGone() {
    return gone || socket.isGone();
  }

  private void checkLoop() {
    if (!loop.inEventLoop()) {
      throw new IllegalStateException(
          "expected a task of the event loop but was called on " + Thread.currentThread());
    }
  }

  private ChannelEvents started() {
    ChannelEvents to = events;
    if (to == null) {
      throw new IllegalStateException("expected a started channel but was not started");
    }
    return to;
  }

  @Override
  public void bytes(ByteBuffer piece) {
    started().received(piece);
  }

  @Override
  public void burstEnded() {
    started().readComplete();
  }

  @Override
  public void ending() {
    if (events != null) {
      events.inputEnding();
    }
  }

  @Override
  public void ended() {
    started().inputShut();
  }

  @Override
  public void taken() {
    if (full && (long) committed.size() + socket.unsentBytes() <= lowMark) {
      full = false;
      later(
          () -> {
            if (!full) {
              started().writable();
            }
          });
    }
  }

  @Override
  public void drained() {
    later(
        () -> {
          if (unsentBytes() == 0) {
            started().flushed();
          }
        });
  }

  @Override
  public void gone(@Nullable IOException cause) {
    gone = true;
    goneCause = cause;
    committed.clear();
    if (events != null) {
      events.closed(cause);
    }
  }

  private void later(Runnable event) {
    loop.execute(
        () -> {
          if (!gone && events != null) {
            event.run();
          }
        });
  }
}
