package dev.weir.examples;

import dev.weir.streams.PipeOptions;
import dev.weir.websocket.Message;
import dev.weir.websocket.ServerConnection;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketConnection;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.WebSocketServer;
import dev.weir.websocket.WebSocketStream;
import java.io.IOException;

/**
 * A gateway: each connection gets one of its own to the server behind, and what one end is too slow
 * to read the other is not asked for. A server behind that can not be reached, gives no WebSocket
 * or breaks off is a bad gateway to the client: 1014.
 */
public final class Gateway {
  private static final int NO_CODE = 1005;
  private static final int BAD_GATEWAY = 1014;

  private final String url;

  private Gateway(String url) {
    this.url = url;
  }

  /** Serves until the process is ended; the argument is the URL of the server behind. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    WebSocketServer server =
        start(8070, arguments.length > 0 ? arguments[0] : "ws://127.0.0.1:8090");
    Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    System.out.println("listening on " + server.url("/"));
    Thread.currentThread().join();
  }

  static WebSocketServer start(int port, String url) throws IOException {
    return WebSocketServer.builder().port(port).route("/**", new Gateway(url)::serve).start();
  }

  private void serve(ServerConnection client) throws InterruptedException {
    try (WebSocketStream stream = new WebSocketStream(url + client.request().target())) {
      WebSocketConnection server = stream.awaitOpened();
      // What ends at the server behind is told below.
      client.readable().pipeTo(server.writable(), PipeOptions.DEFAULT.withPreventCancel());
      for (Message message : server.readable()) {
        client.send(message);
      }
      WebSocketCloseInfo end = server.awaitClosed();
      client.close(end.closeCode() == NO_CODE ? 1000 : end.closeCode(), end.reason());
    } catch (WebSocketError broken) {
      client.close(BAD_GATEWAY, "the server behind does not answer");
    }
  }
}
