package dev.weir.benchmarks.peers.server;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Vert.x, by its message handlers. */
final class VertxEcho implements EchoServer {
  @Override
  public int start(Style style) throws Exception {
    Set<ServerWebSocket> all = ConcurrentHashMap.newKeySet();
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    return vertx
        .createHttpServer(
            new HttpServerOptions()
                .setMaxWebSocketFrameSize(Serve.MOST_BYTES)
                .setMaxWebSocketMessageSize(Serve.MOST_BYTES)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(style.deflates()))
        .webSocketHandler(
            socket -> {
              if (style.broadcasts()) {
                all.add(socket);
                socket.closeHandler(nothing -> all.remove(socket));
                socket.binaryMessageHandler(
                    message -> all.forEach(each -> each.writeBinaryMessage(message)));
              } else {
                socket.binaryMessageHandler(socket::writeBinaryMessage);
                socket.textMessageHandler(socket::writeTextMessage);
              }
            })
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS)
        .actualPort();
  }
}
