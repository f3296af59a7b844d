package dev.weir.graaljs;

import dev.weir.websocket.WebSocket;
import dev.weir.websocket.WebSocketOptions;
import java.util.List;
import org.graalvm.polyglot.Value;

/**
 * What stands behind the {@code WebSocket} of scripts: {@code host.openSocket}. For the context's
 * thread alone.
 */
final class HostSockets {
  private final HostFunctions host;
  private final HostBytes bytes;
  private final HostConnections connections;

  HostSockets(HostFunctions host, HostBytes bytes, HostConnections connections) {
    this.host = host;
    this.bytes = bytes;
    this.connections = connections;
  }

  void addTo() {
    host.add("openSocket", this::open);
  }

  /** {@code openSocket(url, protocols, events)}: checks URL and protocols, and connects. */
  private Object open(Value[] arguments) {
    String url = connections.resolve(arguments[0].asString());
    List<String> protocols = HostConnections.strings(arguments[1]);
    HostConnections.Registration registration = connections.add();
    var script = new ScriptSocket(registration, bytes, arguments[2]);
    var options = new WebSocketOptions(protocols, registration.tasks()::post, script::listen);
    try {
      WebSocket socket = connections.client().webSocket(url, options);
      return script.asProxy(socket, host);
    } catch (RuntimeException e) {
      registration.release();
      throw e;
    }
  }
}
