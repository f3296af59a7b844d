package dev.weir.netty;

import dev.weir.protocol.handshake.Refusal;
import dev.weir.websocket.opening.TlsOptions;
import dev.weir.websocket.spi.ServerTransport;
import dev.weir.websocket.spi.ServerTransportOptions;
import dev.weir.websocket.spi.UpgradeHandler;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Serves opening handshakes by HTTP/1.1 over TCP and TLS. Thread-safe.
 *
 * <p>Its threads are no daemons: a server keeps its program alive until it is closed.
 */
final class NettyServerTransport implements ServerTransport {
  private static final int THREADS = Runtime.getRuntime().availableProcessors();
  private static final int BACKLOG = 1024;
  private static final long SHUTDOWN_SECONDS = 5;

  /** How many beyond the limit get an answer at a time, before the rest is just closed. */
  private static final int MAX_REFUSED_AT_ONCE = 64;

  private final IoBackend backend;
  private final ServerTransportOptions options;
  private final @Nullable TlsContexts tls;
  private final AtomicInteger connections = new AtomicInteger();

  /** One for all, since there may be very many. */
  private final ChannelFutureListener ended = closed -> forget(closed.channel());

  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by lock.
  private @Nullable EventLoopGroup group;
  private @Nullable Channel listening;
  private boolean closed;

  /** Kept in one array, since there may be very many. */
  private final Set<Channel> open = Collections.newSetFromMap(new IdentityHashMap<>());

  NettyServerTransport(IoBackend backend, ServerTransportOptions options) {
    this.backend = backend;
    this.options = options;
    TlsOptions tlsOptions = options.tls();
    this.tls = tlsOptions == null ? null : TlsContexts.server(tlsOptions);
  }

  @Override
  public InetSocketAddress start(UpgradeHandler handler) throws IOException {
    ChannelFuture binding;
    lock.lock();
    try {
      if (closed || group != null) {
        throw new IllegalStateException("expected one start, before close");
      }
      EventLoopGroup loops = backend.newGroup(THREADS, new LoopThreads("weir-server", false));
      group = loops;
      binding = bootstrap(loops, handler).bind(options.address());
      listening = binding.channel();
    } finally {
      lock.unlock();
    }
    binding.awaitUninterruptibly();
    if (!binding.isSuccess()) {
      close();
      throw new IOException(
          "can not listen on " + options.address() + ": " + binding.cause().getMessage(),
          binding.cause());
    }
    return (InetSocketAddress) binding.channel().localAddress();
  }

  private ServerBootstrap bootstrap(EventLoopGroup loops, UpgradeHandler handler) {
    return new ServerBootstrap()
        .group(loops)
        .channel(backend.serverClass())
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.RECVBUF_ALLOCATOR, backend.receiveBuffers(tls != null))
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                admit(channel, handler);
              }
            });
  }

  private void admit(SocketChannel channel, UpgradeHandler handler) {
    int count = connections.incrementAndGet();
    lock.lock();
    try {
      open.add(channel);
    } finally {
      lock.unlock();
    }
    channel.closeFuture().addListener(ended);
    int excess = count - options.maxConnections();
    if (excess > MAX_REFUSED_AT_ONCE) {
      channel.close();
    } else {
      ServerConnection.install(
          channel, tls, options, handler, excess > 0 ? Refusal.unavailable() : null);
    }
  }

  private void forget(Channel channel) {
    lock.lock();
    try {
      open.remove(channel);
    } finally {
      lock.unlock();
    }
    connections.decrementAndGet();
  }

  @Override
  public void stopAccepting() {
    Channel stopping;
    lock.lock();
    try {
      stopping = listening;
    } finally {
      lock.unlock();
    }
    if (stopping != null) {
      stopping.close();
    }
  }

  @Override
  public void close() {
    stopAccepting();
    EventLoopGroup ending;
    List<Channel> cut;
    lock.lock();
    try {
      closed = true;
      ending = group;
      cut = List.copyOf(open);
    } finally {
      lock.unlock();
    }
    if (ending == null) {
      return;
    }
    cut.forEach(ChannelCut::now);
    ending.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    if (!isOneOf(ending)) {
      awaitEnd(ending);
    }
  }

  /** Whether the caller is a thread of the group, which can not wait for its own end. */
  private static boolean isOneOf(EventLoopGroup loops) {
    for (EventExecutor loop : loops) {
      if (loop.inEventLoop()) {
        return true;
      }
    }
    return false;
  }

  private static void awaitEnd(EventLoopGroup ending) {
    try {
      if (!ending.awaitTermination(SHUTDOWN_SECONDS, TimeUnit.SECONDS)) {
        System.getLogger(NettyServerTransport.class.getName())
            .log(
                System.Logger.Level.WARNING,
                "The threads of a server did not end within " + SHUTDOWN_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
