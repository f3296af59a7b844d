package dev.weir.interop;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.weir.websocket.Message;
import dev.weir.websocket.Route;
import dev.weir.websocket.ServerConnection;
import dev.weir.websocket.WebSocketServer;
import dev.weir.websocket.opening.TlsOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The servers that the conformance cases in JavaScript talk to: scripted TCP peers, Weir's own
 * server with an echo and the control connection that scripts the peers, and one behind TLS whose
 * certificate nobody trusts. Thread-safe.
 */
final class ConformancePeers implements AutoCloseable {
  private static final int RECEIVE_BUFFER = 64 * 1024;

  private final ServerSocket listener;
  private final WebSocketServer server;
  private final WebSocketServer secure;

  /** Has a port but does not listen: who connects is refused, and nobody else can get the port. */
  private final Socket nobody = new Socket();

  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, PeerScript> scripts = new ConcurrentHashMap<>();

  ConformancePeers() throws IOException {
    listener = RawPeer.listen();
    listener.setReceiveBufferSize(RECEIVE_BUFFER);
    listener.setSoTimeout(0);
    nobody.bind(new InetSocketAddress("127.0.0.1", 0));
    server =
        WebSocketServer.builder()
            .route("/control", this::control)
            .route(
                Route.async(
                        "/echo", connection -> connection.readable().pipeTo(connection.writable()))
                    .withProtocols("chat"))
            .start();
    secure =
        WebSocketServer.builder()
            .tls(TlsOptions.selfSigned())
            .route("/echo", ServerConnection::close)
            .start();
    Thread.ofVirtual().name("peers").start(this::accept);
  }

  /** What the harness calls {@code conformance}, apart from the page. */
  Map<String, String> addresses() {
    return Map.of(
        "peer", "ws://127.0.0.1:" + listener.getLocalPort(),
        "echo", server.url(""),
        "control", server.url("/control"),
        "tls", secure.url(""),
        "closed", "ws://127.0.0.1:" + nobody.getLocalPort());
  }

  private void accept() {
    while (true) {
      RawPeer peer;
      try {
        peer = RawPeer.accept(listener);
      } catch (IOException e) {
        return; // closed
      }
      Thread.startVirtualThread(() -> serve(peer));
    }
  }

  private void serve(RawPeer peer) {
    try (peer) {
      String header = peer.readHeader();
      // GET /17?query HTTP/1.1
      String id = header.substring(header.indexOf('/') + 1).split("[ ?/]", 2)[0];
      PeerScript script = id.matches("[0-9]{1,9}") ? scripts.get(Integer.parseInt(id)) : null;
      if (script != null) {
        script.run(peer, header);
      }
    } catch (IOException e) {
      // A client that went before it asked.
    }
  }

  /** Answers each question of a case's control connection, in order. */
  private void control(ServerConnection connection) throws Exception {
    for (Message message : connection.readable()) {
      JsonObject question =
          JsonParser.parseString(((Message.Text) message).text()).getAsJsonObject();
      connection.send(answer(question).toString());
    }
  }

  private JsonObject answer(JsonObject question) throws Exception {
    var answer = new JsonObject();
    if (question.has("script")) {
      int id = ids.incrementAndGet();
      scripts.put(id, new PeerScript(question.getAsJsonArray("script")));
      answer.addProperty("id", id);
    } else if (question.has("go")) {
      scripts.get(question.get("go").getAsInt()).go();
    } else if (question.has("seen")) {
      return Weir.get(scripts.get(question.get("seen").getAsInt()).seen());
    } else if (question.has("connections")) {
      answer.addProperty(
          "connections", scripts.get(question.get("connections").getAsInt()).connections());
    } else if (question.has("drop")) {
      PeerScript script = scripts.remove(question.get("drop").getAsInt());
      if (script != null) {
        script.drop();
      }
    }
    return answer;
  }

  @Override
  public void close() {
    try {
      listener.close();
      nobody.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (PeerScript script : scripts.values()) {
      try {
        script.drop();
      } catch (IOException e) {
        // It is gone already.
      }
    }
    server.close();
    secure.close();
  }
}
