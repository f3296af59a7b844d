package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.weir.conformance.Rule;
import dev.weir.websocket.Message;
import dev.weir.websocket.Route;
import dev.weir.websocket.ServerConnection;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketServer;
import dev.weir.websocket.opening.TlsOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The clients of the JDK, OkHttp and Jetty against Weir's server, over ws and wss. */
@ExtendWith(Leftovers.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PeersToWeirServerTest {
  private static final String WIDE = "grüße 川 \uD83C\uDF0A ";

  private final Map<String, PeerClient> clients = new LinkedHashMap<>();
  private final Map<String, WebSocketServer> servers = new LinkedHashMap<>();
  private final BlockingQueue<ServerConnection> served = new LinkedBlockingQueue<>();
  private TlsOptions tls;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    var certificate = TestCertificate.in(folder);
    tls = TlsOptions.defaults().withCertificate(certificate.certificatePem(), certificate.keyPem());
    servers.put("ws", server(false));
    servers.put("wss", server(true));
    var context = certificate.clientContext();
    clients.put("java.net.http", new JdkClient(context));
    clients.put(
        "OkHttp",
        new OkHttpPeerClient(
            context, (X509TrustManager) certificate.trust().getTrustManagers()[0]));
    clients.put("Jetty", new JettyPeerClient(context));
  }

  private WebSocketServer server(boolean secure) throws Exception {
    var builder = WebSocketServer.builder();
    if (secure) {
      builder.tls(tls);
    }
    return builder
        .route(
            Route.of(
                    "/blocking",
                    connection -> {
                      served.add(connection);
                      for (Message message : connection.readable()) {
                        connection.send(message);
                      }
                    })
                .withProtocols("chat.v2", "chat.v1"))
        .route(
            Route.async(
                    "/async",
                    connection -> {
                      served.add(connection);
                      return connection.readable().pipeTo(connection.writable());
                    })
                .withProtocols("chat.v2", "chat.v1"))
        .route(
            "/close/{code}",
            connection -> {
              served.add(connection);
              String code = connection.request().parameters().get("code");
              if (code.equals("none")) {
                connection.close();
              } else {
                connection.close(Integer.parseInt(code), "grüße");
              }
            })
        .route(
            "/ping",
            connection -> {
              served.add(connection);
              Weir.get(connection.ping());
              connection.close(4000, "ponged");
            })
        .start();
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(served).isEmpty();
  }

  @AfterAll
  void stop() throws Exception {
    for (PeerClient client : clients.values()) {
      client.close();
    }
    servers.values().forEach(WebSocketServer::close);
  }

  Stream<Arguments> clientsAndSchemes() {
    return clients.keySet().stream()
        .flatMap(client -> servers.keySet().stream().map(scheme -> arguments(client, scheme)));
  }

  Stream<Arguments> clientsSchemesAndPaths() {
    return clientsAndSchemes()
        .flatMap(
            pair ->
                Stream.of("/blocking", "/async")
                    .map(path -> arguments(pair.get()[0], pair.get()[1], path)));
  }

  private PeerSession connect(String client, String scheme, String path, String... protocols)
      throws Exception {
    return clients
        .get(client)
        .connect(URI.create(servers.get(scheme).url(path)), List.of(protocols));
  }

  @ParameterizedTest
  @MethodSource("clientsSchemesAndPaths")
  @Rule({"P1", "S7", "C6", "H1", "S19", "6455-4.2.2-9", "6455-4.2.2-6"})
  @Rule({"6455-5.6-1", "6455-6.2-3", "6455-6.2-5", "6455-5.5.1-5"})
  void echoEverySizeAndClose(String client, String scheme, String path) throws Exception {
    PeerSession session = connect(client, scheme, path);
    ServerConnection connection = Weir.next(served);
    var random = new Random(6455);

    assertThat(session.protocol()).isEmpty();
    for (String text : new String[] {"", "plain", WIDE, WIDE.repeat(200 * 1024 / 17)}) {
      session.send(text);
      assertThat(session.next().equals(new PeerEvent.Text(text))).as(text).isTrue();
    }
    for (int size : new int[] {0, 1, 125, 126, 65_535, 65_536, 8 << 20}) {
      byte[] bytes = new byte[size];
      random.nextBytes(bytes);
      session.send(bytes);
      assertThat(session.next().equals(new PeerEvent.Binary(bytes))).as("%d bytes", size).isTrue();
    }
    session.close(4001, "bye");
    assertThat(session.next()).isEqualTo(new PeerEvent.Closed(4001, "bye"));
    assertThat(Weir.get(connection.closed())).isEqualTo(new WebSocketCloseInfo(4001, "bye"));
    assertThat(connection.sslSession() != null).isEqualTo(scheme.equals("wss"));
  }

  @ParameterizedTest
  @MethodSource("clientsSchemesAndPaths")
  @Rule({"S5", "6455-4.2.2-5"})
  void areGivenASubprotocolThatTheyOffered(String client, String scheme, String path)
      throws Exception {
    PeerSession session = connect(client, scheme, path, "chat.v1", "soap");
    ServerConnection connection = Weir.next(served);

    assertThat(session.protocol()).isEqualTo("chat.v1");
    assertThat(connection.protocol()).isEqualTo("chat.v1");
    // Of these clients OkHttp offers compression by itself.
    assertThat(connection.extensions().isEmpty()).isEqualTo(!client.equals("OkHttp"));
    session.close(1000, "");
    assertThat(session.next()).isEqualTo(new PeerEvent.Closed(1000, ""));
    assertThat(Weir.get(connection.closed())).isEqualTo(new WebSocketCloseInfo(1000, ""));
  }

  @ParameterizedTest
  @MethodSource("clientsAndSchemes")
  @Rule({"C1", "C4", "H1", "S16", "6455-7.1.2-1", "6455-5.5.1-1", "6455-5.5.1-7"})
  void seeTheCodeAndReasonThatTheServerClosesWith(String client, String scheme) throws Exception {
    for (int code : new int[] {1000, 1001, 1003, 1008, 1011, 3000, 4999}) {
      PeerSession session = connect(client, scheme, "/close/" + code);

      assertThat(session.next()).isEqualTo(new PeerEvent.Closed(code, "grüße"));
      assertThat(Weir.get(Weir.next(served).closed()).closeCode()).isIn(code, 1000, 1005);
    }
  }

  @ParameterizedTest
  @MethodSource("clientsAndSchemes")
  @Rule({"C4", "S16"})
  void seeACloseWithoutABodyAs1005(String client, String scheme) throws Exception {
    PeerSession session = connect(client, scheme, "/close/none");

    assertThat(session.next()).isEqualTo(new PeerEvent.Closed(1005, ""));
    assertThat(Weir.get(Weir.next(served).closed()).closeCode()).isIn(1000, 1005);
  }

  @ParameterizedTest
  @MethodSource("clientsAndSchemes")
  void answerAPing(String client, String scheme) throws Exception {
    PeerSession session = connect(client, scheme, "/ping");

    assertThat(session.next()).isEqualTo(new PeerEvent.Closed(4000, "ponged"));
    Weir.get(Weir.next(served).closed());
  }

  @ParameterizedTest
  @MethodSource("clientsAndSchemes")
  @Rule("6455-4.2.2-4")
  void areRefusedAtAnUnknownPath(String client, String scheme) {
    assertThat(Weir.start(() -> connect(client, scheme, "/elsewhere")))
        .failsWithin(Duration.ofSeconds(Weir.SECONDS))
        .withThrowableThat()
        .withStackTraceContaining("404");
  }

  @ParameterizedTest
  @MethodSource("clientsAndSchemes")
  @Rule({"C4", "H1", "H5"})
  void seeAServerThatStopsAs1001(String client, String scheme) throws Exception {
    try (WebSocketServer server = server(scheme.equals("wss"))) {
      PeerSession session =
          clients.get(client).connect(URI.create(server.url("/blocking")), List.of());
      ServerConnection connection = Weir.next(served);
      session.send("hello");
      assertThat(session.next()).isEqualTo(new PeerEvent.Text("hello"));

      server.close();

      assertThat(session.next()).isEqualTo(new PeerEvent.Closed(1001, ""));
      Weir.get(connection.closed());
      assertThat(server.connections()).isZero();
    }
  }
}
