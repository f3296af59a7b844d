package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketServer;
import dev.weir.websocket.WebSocketStream;
import dev.weir.websocket.opening.TlsOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A folder of files beside a WebSocket, on one port. */
@ExtendWith(Leftovers.class)
class StaticFilesOnSocketsTest {
  private static final int LARGE = 9_000_001;

  @TempDir Path folder;
  private TestCertificate certificate;

  @BeforeEach
  void makeCertificate() throws Exception {
    certificate = TestCertificate.in(folder);
  }

  private WebSocketServer start(Path files, boolean secure) throws Exception {
    WebSocketServer.Builder builder =
        WebSocketServer.builder()
            .staticFiles(files)
            .route(
                "/chat/**",
                connection -> {
                  for (Message message : connection.readable()) {
                    connection.send(message);
                  }
                });
    if (secure) {
      builder.tls(
          TlsOptions.defaults()
              .withCertificate(certificate.certificatePem(), certificate.keyPem()));
    }
    return builder.start();
  }

  private Path files() throws Exception {
    Path files = Files.createDirectories(folder.resolve("files/chat"));
    Files.writeString(files.resolve("index.html"), "<p>chat");
    byte[] large = new byte[LARGE];
    new Random(7).nextBytes(large);
    Files.write(files.resolve("large.bin"), large);
    return files.getParent();
  }

  private HttpClient httpClient() throws Exception {
    return HttpClient.newBuilder().sslContext(certificate.clientContext()).build();
  }

  private static HttpRequest get(WebSocketServer server, String path) {
    return HttpRequest.newBuilder(
            URI.create(
                (server.url("/").startsWith("wss") ? "https" : "http")
                    + "://localhost:"
                    + server.port()
                    + path))
        .timeout(Duration.ofSeconds(Weir.SECONDS))
        .build();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void servesBothOnOnePort(boolean secure) throws Exception {
    Path files = files();
    TlsOptions trusting =
        TlsOptions.defaults().withTrustedCertificates(certificate.certificatePem());
    try (WebSocketServer server = start(files, secure);
        HttpClient http = httpClient();
        WebSocketClient client = WebSocketClient.builder().tls(trusting).build()) {
      HttpResponse<String> page = http.send(get(server, "/chat/"), BodyHandlers.ofString());
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.body()).isEqualTo("<p>chat");
      assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");

      WebSocketStream stream =
          client.connect(server.url("/chat/").replace("127.0.0.1", "localhost"));
      var connection = Weir.get(stream.opened());
      connection.send("hello");
      assertThat(Weir.next(connection.readable().getReader())).hasToString("hello");
      stream.close();
      Weir.get(stream.closed());

      HttpResponse<byte[]> large =
          http.send(get(server, "/chat/large.bin"), BodyHandlers.ofByteArray());
      assertThat(large.body()).isEqualTo(Files.readAllBytes(files.resolve("chat/large.bin")));
      assertThat(large.headers().firstValueAsLong("Content-Length")).hasValue(LARGE);

      String tag = page.headers().firstValue("ETag").orElseThrow();
      HttpRequest again =
          HttpRequest.newBuilder(get(server, "/chat/"), (name, value) -> true)
              .header("If-None-Match", tag)
              .build();
      assertThat(http.send(again, BodyHandlers.ofString()).statusCode()).isEqualTo(304);
      assertThat(http.send(get(server, "/none"), BodyHandlers.ofString()).statusCode())
          .isEqualTo(404);
      assertThat(http.send(get(server, "/chat"), BodyHandlers.ofString()).headers().map())
          .containsEntry("location", List.of("/chat/"));
    }
  }

  @Test
  void servesManyAtOnce() throws Exception {
    Path files = files();
    byte[] expected = Files.readAllBytes(files.resolve("chat/large.bin"));
    try (WebSocketServer server = start(files, false);
        HttpClient http = httpClient()) {
      List<CompletableFuture<HttpResponse<byte[]>>> answers =
          IntStream.range(0, 12)
              .mapToObj(
                  i -> http.sendAsync(get(server, "/chat/large.bin"), BodyHandlers.ofByteArray()))
              .toList();
      for (var answer : answers) {
        assertThat(Weir.get(answer).body()).isEqualTo(expected);
      }
    }
  }

  @Test
  void needsNoRouteWhereThereAreFiles() throws Exception {
    try (WebSocketServer server = WebSocketServer.builder().staticFiles(files()).start();
        HttpClient http = httpClient()) {
      assertThat(http.send(get(server, "/chat/"), BodyHandlers.ofString()).body())
          .isEqualTo("<p>chat");
    }
  }
}
