package dev.weir.benchmarks.peers.server;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.TimeUnit;

/** Vert.x, by its message handlers. */
final class VertxEcho implements EchoServer {
  @Override
  public int start() throws Exception {
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    return vertx
        .createHttpServer(
            new HttpServerOptions()
                .setMaxWebSocketFrameSize(Serve.MOST_BYTES)
                .setMaxWebSocketMessageSize(Serve.MOST_BYTES)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false))
        .webSocketHandler(
            socket -> {
              socket.binaryMessageHandler(socket::writeBinaryMessage);
              socket.textMessageHandler(socket::writeTextMessage);
            })
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS)
        .actualPort();
  }
}
