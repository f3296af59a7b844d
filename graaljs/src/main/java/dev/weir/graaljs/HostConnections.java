package dev.weir.graaljs;

import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.url.WebSocketUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * The connections that scripts have made and that have not ended. Thread-safe, except that
 * connections are made on the context's thread alone.
 *
 * <p>A context does not tell anybody when its owner closes it, so while there are connections it is
 * looked at now and then.
 */
final class HostConnections {
  private static final Duration PROBE_INTERVAL = Duration.ofSeconds(1);

  private final ScriptTasks tasks;
  private final @Nullable String baseUrl;
  private final Runnable probe;
  private final Set<CompletableFuture<?>> open = ConcurrentHashMap.newKeySet();

  // The context's thread's.
  private @Nullable WebSocketClient client;
  private int counted;
  private ScriptTasks.@Nullable Timer probing;

  HostConnections(ScriptTasks tasks, @Nullable String baseUrl, Runnable probe) {
    this.tasks = tasks;
    this.baseUrl = baseUrl;
    this.probe = probe;
  }

  void useClient(WebSocketClient made) {
    client = made;
  }

  WebSocketClient client() {
    if (client == null) {
      throw new IllegalStateException("expected a client but the platform is not installed yet");
    }
    return client;
  }

  boolean isClosed() {
    return tasks.isClosed();
  }

  /** The absolute URL of a connection. */
  String resolve(String url) {
    return WebSocketUrl.parse(url, baseUrl).href();
  }

  static List<String> strings(Value array) {
    List<String> strings = new ArrayList<>();
    for (long i = 0; i < array.getArraySize(); i++) {
      strings.add(array.getArrayElement(i).asString());
    }
    return strings;
  }

  /** Remembers a connection until it has ended. */
  Registration add(CompletableFuture<?> ended) {
    open.add(ended);
    ended.whenComplete((value, error) -> open.remove(ended));
    counted++;
    if (probing == null) {
      probeLater();
    }
    return new Registration();
  }

  private void probeLater() {
    probing =
        tasks.schedule(
            () -> {
              probe.run();
              probeLater();
            },
            PROBE_INTERVAL.toNanos(),
            false);
  }

  /** Completes when none of the connections that there are now is left. */
  CompletableFuture<Void> ended() {
    CompletableFuture<?>[] ends =
        open.stream()
            .map(end -> end.handle((value, error) -> null))
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(ends);
  }

  /** One connection: its tasks, and its share in the context's not being idle. */
  final class Registration {
    private final ScriptTasks.Hold hold = tasks.hold();

    ScriptTasks tasks() {
      return tasks;
    }

    /** The script has been told of the end. Called once, inside a task. */
    void release() {
      hold.release();
      if (--counted == 0 && probing != null) {
        probing.cancel();
        probing = null;
      }
    }
  }
}
