package dev.weir.netty;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Netty's epoll, where the end of the peer's output is news and nothing else. The factory and the
 * watches are thread-safe, what it makes belongs to its loop.
 *
 * <p>Netty itself reads all that the kernel holds when EPOLLRDHUP comes, also while reading is
 * paused, which would be megabytes that nobody asked for. Here that event does not reach it: the
 * end is found by reading, when reading goes on, and whoever has paused is told by a watch (B4).
 *
 * <p>With that, a paused connection may want no event at all. Netty 4.2.18 then takes its socket
 * out of the epoll set but forgets that it did, and the next change, to read on or to wait for room
 * to write, fails with ENOENT and costs the connection. So "nothing" is asked for as one report of
 * an error, which the kernel makes in any case.
 */
final class SteadyEpoll implements IoHandlerFactory {
  /** EPOLLERR and EPOLLONESHOT: once only, else EPOLLHUP of a socket that is shut would spin. */
  private static final EpollIoOps ERROR_ONCE = EpollIoOps.valueOf(0x8 | (1 << 30));

  /** Who has paused reading, and is told when its peer may have ended. */
  interface Watcher {
    /** On the socket's event loop. */
    void peerMayHaveEnded();
  }

  private static final Map<FileDescriptor, Watcher> WATCHES = new ConcurrentHashMap<>();

  private final IoHandlerFactory factory = EpollIoHandler.newFactory();

  /** Tells the watcher when the socket's peer has ended its output or the connection is gone. */
  static void watch(FileDescriptor socket, Watcher watcher) {
    WATCHES.put(socket, watcher);
  }

  /** Ends a watch. Another that the number of the socket has got meanwhile stays. */
  static void unwatch(FileDescriptor socket, Watcher watcher) {
    WATCHES.remove(socket, watcher);
  }

  @Override
  public IoHandler newHandler(ThreadAwareExecutor executor) {
    return new Handler(factory.newHandler(executor));
  }

  private record Handler(IoHandler handler) implements IoHandler {
    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
      if (!(handle instanceof EpollIoHandle socket)) {
        throw new IllegalArgumentException("expected a handle of epoll but was " + handle);
      }
      Socket steady = new Socket(socket);
      steady.registration = handler.register(steady);
      return steady;
    }

    @Override
    public void initialize() {
      handler.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
      return handler.run(context);
    }

    @Override
    public void prepareToDestroy() {
      handler.prepareToDestroy();
    }

    @Override
    public void destroy() {
      handler.destroy();
    }

    @Override
    public void wakeup() {
      handler.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
      return handler.isCompatible(handleType);
    }
  }

  /** One socket as the epoll set sees it, and its place there: keeps the peer's end from Netty. */
  private static final class Socket implements EpollIoHandle, IoRegistration {
    private final EpollIoHandle socket;
    private @Nullable IoRegistration registration;

    /** What was asked for last; null once the peer has ended, when nothing is asked anew. */
    private @Nullable EpollIoOps wanted = EpollIoOps.NONE;

    Socket(EpollIoHandle socket) {
      this.socket = socket;
    }

    @Override
    public void handle(IoRegistration inner, IoEvent event) {
      if (event instanceof EpollIoEvent epoll && epoll.ops().contains(EpollIoOps.EPOLLRDHUP)) {
        EpollIoOps others = epoll.ops().without(EpollIoOps.EPOLLRDHUP);
        peerEnded();
        socket.handle(inner, new Event(others));
        Watcher watcher = WATCHES.get(socket.fd());
        if (watcher != null) {
          watcher.peerMayHaveEnded();
        }
      } else {
        socket.handle(inner, event);
      }
    }

    /** The level-triggered EPOLLRDHUP would come again and again. */
    private void peerEnded() {
      EpollIoOps last = wanted;
      wanted = null;
      if (last != null && isValid()) {
        submit(last);
      }
    }

    private IoRegistration registration() {
      if (registration == null) {
        throw new IllegalStateException("expected a socket in the epoll set but it is not yet");
      }
      return registration;
    }

    @Override
    public long submit(IoOps ops) {
      EpollIoOps asked = (EpollIoOps) ops;
      if (wanted == null) {
        asked = asked.without(EpollIoOps.EPOLLRDHUP);
      } else {
        wanted = asked;
      }
      return registration().submit(asked.value() == 0 ? ERROR_ONCE : asked);
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature.
    public <T> T attachment() {
      return registration().attachment();
    }

    @Override
    public boolean isValid() {
      return registration().isValid();
    }

    @Override
    public boolean cancel() {
      return registration().cancel();
    }

    @Override
    public FileDescriptor fd() {
      return socket.fd();
    }

    @Override
    public void registered() {
      socket.registered();
    }

    @Override
    public void unregistered() {
      socket.unregistered();
    }

    @Override
    public void close() throws Exception {
      socket.close();
    }
  }

  private record Event(EpollIoOps ops) implements EpollIoEvent {}
}
