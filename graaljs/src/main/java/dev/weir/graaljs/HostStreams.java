package dev.weir.graaljs;

import dev.weir.streams.AbortController;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.WebSocketStream;
import dev.weir.websocket.WebSocketStreamOptions;
import java.util.List;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind the {@code WebSocketStream} of scripts: {@code host.openStream}. For the
 * context's thread alone.
 */
final class HostStreams {
  private final HostFunctions host;
  private final HostBytes bytes;
  private final HostConnections connections;

  HostStreams(HostFunctions host, HostBytes bytes, HostConnections connections) {
    this.host = host;
    this.bytes = bytes;
    this.connections = connections;
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
    String url = connections.resolve(arguments[0].asString());
    List<String> protocols = HostConnections.strings(arguments[1]);
    var options = new WebSocketStreamOptions(protocols, null, null);
    if (arguments[2].asBoolean() || connections.isClosed()) {
      var aborted = new AbortController();
      aborted.abort();
      options = options.withSignal(aborted.signal());
    }
    WebSocketStream stream = connections.client().connect(url, options);
    HostConnections.Registration registration = connections.add();
    return new ScriptStream(registration, bytes, stream, arguments[3]).asProxy(host);
  }
}
