package dev.weir.netty;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.util.Locale;
import java.util.concurrent.ThreadFactory;

/**
 * By which means of the operating system sockets are driven. Thread-safe.
 *
 * <p>The system property {@value #PROPERTY} chooses one: {@code io_uring}, {@code epoll} or {@code
 * nio}. Without it epoll is taken where it can be, else NIO. io_uring is never taken unasked: with
 * Netty 4.2.18 and half-closure it does not tell of a reset that follows data at once, so that a
 * connection ends by a timeout only, and it reads to the end of the input though reading is paused.
 *
 * <p>On NIO the end of a peer is not noticed while reading is paused (B4), but by a write that
 * fails.
 */
enum IoBackend {
  IO_URING {
    @Override
    boolean isAvailable() {
      return NativeAccess.isQuiet() && IoUring.isAvailable();
    }

    @Override
    IoHandlerFactory handlers() {
      return IoUringIoHandler.newFactory();
    }

    /** It fills a buffer some time after it was given one. */
    @Override
    RecvByteBufAllocator receiveBuffers(boolean tls) {
      return ReceiveBuffers.kept();
    }

    @Override
    Class<? extends SocketChannel> socketClass() {
      return IoUringSocketChannel.class;
    }

    @Override
    Class<? extends ServerChannel> serverClass() {
      return IoUringServerSocketChannel.class;
    }
  },
  EPOLL {
    @Override
    boolean isAvailable() {
      return NativeAccess.isQuiet() && Epoll.isAvailable();
    }

    @Override
    IoHandlerFactory handlers() {
      return new SteadyEpoll();
    }

    @Override
    Class<? extends SocketChannel> socketClass() {
      return EpollSocketChannel.class;
    }

    @Override
    Class<? extends ServerChannel> serverClass() {
      return EpollServerSocketChannel.class;
    }
  },
  NIO {
    @Override
    boolean isAvailable() {
      return true;
    }

    @Override
    IoHandlerFactory handlers() {
      return NioIoHandler.newFactory();
    }

    @Override
    Class<? extends SocketChannel> socketClass() {
      return NioSocketChannel.class;
    }

    @Override
    Class<? extends ServerChannel> serverClass() {
      return NioServerSocketChannel.class;
    }
  };

  static final String PROPERTY = "dev.weir.netty.transport";

  /** Whether this machine has it, and it can be used without a warning on the standard streams. */
  abstract boolean isAvailable();

  abstract IoHandlerFactory handlers();

  /**
   * What sockets are read into.
   *
   * @param tls whether there is TLS on them
   */
  RecvByteBufAllocator receiveBuffers(boolean tls) {
    return tls ? ReceiveBuffers.kept() : ReceiveBuffers.passing();
  }

  abstract Class<? extends SocketChannel> socketClass();

  abstract Class<? extends ServerChannel> serverClass();

  /** An event loop group whose threads start when they are first needed. */
  EventLoopGroup newGroup(int threads, ThreadFactory factory) {
    return new MultiThreadIoEventLoopGroup(threads, factory, handlers());
  }

  /**
   * The one that the system property asks for, else the best available.
   *
   * @throws IllegalStateException if the one asked for is unknown or not available
   */
  static IoBackend choose() {
    String asked = System.getProperty(PROPERTY, "");
    if (!asked.isEmpty()) {
      return named(asked);
    }
    return EPOLL.isAvailable() ? EPOLL : NIO;
  }

  private static IoBackend named(String asked) {
    for (IoBackend backend : values()) {
      if (backend.name().toLowerCase(Locale.ROOT).equals(asked)) {
        if (!backend.isAvailable()) {
          throw new IllegalStateException(
              "expected a system with "
                  + asked
                  + ", as "
                  + PROPERTY
                  + " asks for, but it has none");
        }
        return backend;
      }
    }
    throw new IllegalStateException(
        "expected io_uring, epoll or nio in " + PROPERTY + " but was " + asked);
  }
}
