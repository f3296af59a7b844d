package dev.weir.netty;

import dev.weir.protocol.handshake.Agreement;
import dev.weir.protocol.handshake.Headers;
import dev.weir.protocol.handshake.Refusal;
import dev.weir.protocol.handshake.Upgrade;
import dev.weir.websocket.spi.EventLoop;
import dev.weir.websocket.spi.UpgradeExchange;
import dev.weir.websocket.spi.WebSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** One request to open a WebSocket, answered once from any thread. Thread-safe. */
final class ServerExchange implements UpgradeExchange {
  private final ServerConnection connection;
  private final Upgrade request;
  private final SocketAddress localAddress;
  private final SocketAddress remoteAddress;
  private final AtomicBoolean answered = new AtomicBoolean();

  ServerExchange(ServerConnection connection, Upgrade request) {
    this.connection = connection;
    this.request = request;
    this.localAddress = connection.channel().localAddress();
    this.remoteAddress = connection.channel().remoteAddress();
  }

  @Override
  public Upgrade request() {
    return request;
  }

  @Override
  public EventLoop eventLoop() {
    return connection.loop();
  }

  @Override
  public SocketAddress localAddress() {
    return localAddress;
  }

  @Override
  public SocketAddress remoteAddress() {
    return remoteAddress;
  }

  @Override
  public @Nullable SSLSession sslSession() {
    SslHandler ssl = connection.ssl();
    return ssl == null ? null : ssl.engine().getSession();
  }

  @Override
  public void accept(Agreement agreement, Headers headers, Consumer<WebSocketChannel> opened) {
    Headers response = request.accept(agreement, headers);
    beAnswered();
    connection.loop().execute(() -> connection.accept(response, opened));
  }

  @Override
  public void refuse(Refusal refusal) {
    beAnswered();
    connection.loop().execute(() -> connection.refuse(refusal));
  }

  /** Takes no answer any more; one that was given before counts. */
  boolean expire() {
    return answered.compareAndSet(false, true);
  }

  private void beAnswered() {
    if (!answered.compareAndSet(false, true)) {
      throw new IllegalStateException("expected one answer to the upgrade but was a second");
    }
  }
}
