package dev.weir.graaljs;

import dev.weir.streams.AbortController;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.WebSocketStream;
import dev.weir.websocket.WebSocketStreamOptions;
import dev.weir.websocket.url.WebSocketUrl;
import java.util.ArrayList;
import java.util.List;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind the {@code WebSocketStream} of scripts: {@code host.openStream}. For the
 * context's thread alone.
 */
final class HostStreams {
  private final ScriptTasks tasks;
  private final HostFunctions host;
  private final HostBytes bytes;
  private final WebSocketClient client;
  private final @Nullable String baseUrl;

  HostStreams(
      ScriptTasks tasks,
      HostFunctions host,
      HostBytes bytes,
      WebSocketClient client,
      @Nullable String baseUrl) {
    this.tasks = tasks;
    this.host = host;
    this.bytes = bytes;
    this.client = client;
    this.baseUrl = baseUrl;
  }

  void addTo() {
    host.add("openStream", this::open).add("checkClose", HostStreams::checkClose);
  }

  /** {@code checkClose(code or null, reason)}: throws if they may not be sent (S18). */
  private static @Nullable Object checkClose(Value[] arguments) {
    var unused =
        new WebSocketError(
            "", arguments[0].isNull() ? null : arguments[0].asInt(), arguments[1].asString());
    return null;
  }

  /**
   * {@code openStream(url, protocols, isAborted, events)}: checks URL and protocols, and connects
   * unless it is aborted already (S3).
   */
  private Object open(Value[] arguments) {
    WebSocketUrl url = WebSocketUrl.parse(arguments[0].asString(), baseUrl);
    List<String> protocols = new ArrayList<>();
    for (long i = 0; i < arguments[1].getArraySize(); i++) {
      protocols.add(arguments[1].getArrayElement(i).asString());
    }
    var options = new WebSocketStreamOptions(protocols, null, null);
    if (arguments[2].asBoolean() || tasks.isClosed()) {
      var aborted = new AbortController();
      aborted.abort();
      options = options.withSignal(aborted.signal());
    }
    WebSocketStream stream = client.connect(url.href(), options);
    return new ScriptStream(tasks, bytes, stream, arguments[3]).asProxy(host);
  }
}
