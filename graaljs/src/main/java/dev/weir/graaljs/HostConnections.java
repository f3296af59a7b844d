package dev.weir.graaljs;

import dev.weir.protocol.close.CloseCode;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.url.WebSocketUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of scripts have in common: client, base URL, and that a context with
 * connections is not idle. For the context's thread alone.
 *
 * <p>A context does not tell anybody when its owner closes it, so while there are connections it is
 * looked at now and then.
 */
final class HostConnections {
  private static final Duration PROBE_INTERVAL = Duration.ofSeconds(1);

  private final ScriptTasks tasks;
  private final @Nullable String baseUrl;
  private final Runnable probe;

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

  /** The origin of a connection's URL. */
  static String origin(String url) {
    return WebSocketUrl.parse(url).origin();
  }

  /** Scripts are told 1006 where TLS failed, as browsers do (C5). */
  static int codeForScripts(int code) {
    return code == CloseCode.TLS_HANDSHAKE ? CloseCode.ABNORMAL : code;
  }

  /** Counts a connection until its script has been told of its end. */
  Registration add() {
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
