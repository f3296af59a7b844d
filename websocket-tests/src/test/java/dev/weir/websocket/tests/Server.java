package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.InMemoryTransport;
import dev.weir.testkit.ManualEventLoop;
import dev.weir.testkit.ScriptedPeer;
import dev.weir.websocket.WebSocketServer;
import java.io.IOException;
import java.util.function.UnaryOperator;

/** A server of Weir against scripted clients, in memory, on a manual clock. */
final class Server {
  final ManualEventLoop loop = new ManualEventLoop();
  final InMemoryTransport transport = new InMemoryTransport(loop);
  final WebSocketServer server;

  /** Starts a server without keep-alive, so that an open connection leaves no timer. */
  Server(UnaryOperator<WebSocketServer.Builder> settings) {
    try {
      server =
          settings.apply(WebSocketServer.builder().transport(transport).withoutKeepAlive()).start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  ScriptedPeer connect(String target) {
    return transport.connect(target);
  }

  /** Ends the server and checks that nothing is left over. */
  void finish() {
    loop.run(server::close);
    loop.runPending();
    assertThat(server.connections()).isZero();
    assertThat(transport.links()).allMatch(link -> link.isClosed());
    loop.assertIdle();
  }
}
