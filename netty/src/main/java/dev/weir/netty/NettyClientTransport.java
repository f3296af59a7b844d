package dev.weir.netty;

import dev.weir.websocket.opening.OpeningFailure;
import dev.weir.websocket.spi.ClientOpening;
import dev.weir.websocket.spi.ClientTransport;
import dev.weir.websocket.spi.ClientTransportOptions;
import dev.weir.websocket.spi.OpeningEvents;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Opens client connections by HTTP/1.1 over TCP and TLS. Thread-safe.
 *
 * <p>Its threads are daemons: a program whose main method has ended is not kept alive by them.
 */
final class NettyClientTransport implements ClientTransport {
  private static final int THREADS = Runtime.getRuntime().availableProcessors();
  private static final long SHUTDOWN_SECONDS = 5;

  private final ClientParts parts;
  private final OpeningRun.Listener runListener = this::runEnded;

  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by lock.
  private final Set<OpeningRun> runs = new HashSet<>();
  private final Set<Channel> channels = new HashSet<>();
  private @Nullable EventLoopGroup group;
  private boolean closing;
  private boolean ended;

  NettyClientTransport(IoBackend backend, ClientTransportOptions options, Duration attemptDelay) {
    this.parts =
        new ClientParts(
            backend,
            options,
            TlsContexts.client(options.tls()),
            new NameResolver(),
            new AddressTurns(),
            new SecureRandom(),
            attemptDelay);
  }

  @Override
  public Opening open(ClientOpening request, OpeningEvents events) {
    OpeningRun run;
    lock.lock();
    try {
      if (closing) {
        return refuse(events);
      }
      if (group == null) {
        group = parts.backend().newGroup(THREADS, new LoopThreads("weir-client", true));
      }
      NettyEventLoop loop = new NettyEventLoop(group.next());
      run = new OpeningRun(parts, loop, request, events, runListener);
      runs.add(run);
    } finally {
      lock.unlock();
    }
    run.begin();
    return run;
  }

  private static Opening refuse(OpeningEvents events) {
    LateTasks.execute(
        () ->
            events.failed(
                new OpeningFailure(
                    OpeningFailure.Stage.NAME_RESOLUTION,
                    false,
                    "the client is closed",
                    null,
                    null)));
    return cause -> {};
  }

  /** How many addresses have an opening that goes on or waits. */
  int busyAddresses() {
    return parts.turns().size();
  }

  private void runEnded(OpeningRun run, @Nullable Channel opened) {
    lock.lock();
    try {
      runs.remove(run);
      if (opened != null) {
        channels.add(opened);
      }
    } finally {
      lock.unlock();
    }
    if (opened == null) {
      endIfIdle();
    } else {
      opened.closeFuture().addListener(future -> opened.eventLoop().execute(() -> gone(opened)));
    }
  }

  private void gone(Channel channel) {
    lock.lock();
    try {
      channels.remove(channel);
    } finally {
      lock.unlock();
    }
    endIfIdle();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (closing) {
        return;
      }
      closing = true;
      if (group != null && !isIdle()) {
        group
            .next()
            .schedule(this::cutAll, parts.options().closeTimeout().toNanos(), TimeUnit.NANOSECONDS);
      }
    } finally {
      lock.unlock();
    }
    endIfIdle();
  }

  private void cutAll() {
    List<OpeningRun> openRuns;
    List<Channel> openChannels;
    lock.lock();
    try {
      openRuns = List.copyOf(runs);
      openChannels = List.copyOf(channels);
    } finally {
      lock.unlock();
    }
    openRuns.forEach(OpeningRun::cut);
    openChannels.forEach(ChannelCut::now);
  }

  private void endIfIdle() {
    EventLoopGroup ending;
    lock.lock();
    try {
      if (!closing || ended || !isIdle()) {
        return;
      }
      ended = true;
      ending = group;
    } finally {
      lock.unlock();
    }
    parts.resolver().close();
    if (ending != null) {
      // No quiet period: tasks that come later are run by LateTasks.
      ending.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    }
  }

  private boolean isIdle() {
    return runs.isEmpty() && channels.isEmpty();
  }
}
