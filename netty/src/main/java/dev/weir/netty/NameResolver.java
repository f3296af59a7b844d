package dev.weir.netty;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Finds the addresses of a host by the system's own resolver. Thread-safe.
 *
 * <p>That resolver blocks and can not be interrupted, so it runs on daemon threads of its own: a
 * name server that does not answer holds up no connection, and no program that wants to end.
 */
final class NameResolver implements AutoCloseable {
  private static final int MAX_THREADS = 16;
  private static final long IDLE_MILLIS = 1_000;
  private static final AtomicInteger LAST_THREAD = new AtomicInteger();

  private final ThreadPoolExecutor executor;

  NameResolver() {
    executor =
        new ThreadPoolExecutor(
            MAX_THREADS,
            MAX_THREADS,
            IDLE_MILLIS,
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            NameResolver::newThread);
    executor.allowCoreThreadTimeOut(true);
  }

  private static Thread newThread(Runnable task) {
    Thread thread = new Thread(task, "weir-resolver-" + LAST_THREAD.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }

  /**
   * The addresses, at least one, in the system's order; completed exceptionally with an {@link
   * UnknownHostException}. An address is taken as it is, and localhost is never asked for elsewhere
   * (RFC 6761 §6.3).
   *
   * @param host a name or an address, an IPv6 address without brackets
   */
  CompletableFuture<List<InetAddress>> resolve(String host) {
    try {
      byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
      if (literal != null) {
        return CompletableFuture.completedFuture(List.of(InetAddress.getByAddress(literal)));
      }
      if (isLocalhost(host)) {
        return CompletableFuture.completedFuture(
            List.of(
                InetAddress.getByAddress(host, NetUtil.LOCALHOST6.getAddress()),
                InetAddress.getByAddress(host, NetUtil.LOCALHOST4.getAddress())));
      }
    } catch (UnknownHostException e) {
      return CompletableFuture.failedFuture(e);
    }
    CompletableFuture<List<InetAddress>> result = new CompletableFuture<>();
    executor.execute(
        () -> {
          try {
            result.complete(Arrays.asList(InetAddress.getAllByName(host)));
          } catch (UnknownHostException | RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  private static boolean isLocalhost(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost") || name.endsWith(".localhost");
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
