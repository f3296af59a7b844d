package dev.weir.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketStream;
import java.net.CookieManager;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Leftovers.class)
class CookiesOnSocketsTest {
  @Test
  @Rule({"K1", "K2"})
  void bringsBackWhatRedirectsRefusalsAndConnectionsSet() throws Exception {
    try (var server = new RawPeer.Listener();
        WebSocketClient client =
            WebSocketClient.builder()
                .transport(new NettyTransportProvider())
                .cookieHandler(new CookieManager())
                .maxRedirects(1)
                .build()) {
      WebSocketStream first = client.connect(server.url() + "start");
      RawPeer redirecting = server.accept();
      assertThat(redirecting.readHeader()).doesNotContain("Cookie:");
      redirecting.write(
          "HTTP/1.1 302 Found\r\nLocation: /chat\r\nSet-Cookie: hop=1; Path=/\r\n"
              + "Set-Cookie: start=1; Path=/start\r\nContent-Length: 0\r\n\r\n");
      RawPeer accepting = server.accept();
      String request = accepting.readHeader();
      assertThat(request).startsWith("GET /chat ").contains("\r\nCookie: hop=1\r\n");
      accepting.write(
          RawPeer.accepting(request)
              .replaceFirst("\r\n\r\n", "\r\nSet-Cookie: open=2; Path=/; HttpOnly\r\n\r\n"));
      first.opened().get(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS);
      accepting.close();

      WebSocketStream second = client.connect(server.url() + "chat");
      RawPeer refusing = server.accept();
      assertThat(RawPeer.field(refusing.readHeader(), "Cookie").split("; "))
          .containsExactlyInAnyOrder("hop=1", "open=2");
      refusing.write(
          "HTTP/1.1 401 Unauthorized\r\nSet-Cookie: hop=; Path=/; Max-Age=0\r\n"
              + "Set-Cookie: refused=3; Path=/\r\nContent-Length: 0\r\n\r\n");
      assertThat(second.opened()).failsWithin(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS);

      client.connect(server.url() + "chat");
      assertThat(RawPeer.field(server.accept().readHeader(), "Cookie").split("; "))
          .containsExactlyInAnyOrder("open=2", "refused=3");
    }
  }
}
