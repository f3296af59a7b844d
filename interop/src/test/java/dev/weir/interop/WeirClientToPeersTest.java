package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.weir.conformance.Rule;
import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketStreamOptions;
import dev.weir.websocket.opening.TlsOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Weir's client against the echo servers of Node, Jetty and Undertow, over ws and wss. */
@Requires({Part.NODE, Part.WS})
@ExtendWith(Leftovers.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WeirClientToPeersTest {
  private static final String WIDE = "grüße 川 \uD83C\uDF0A ";

  private final Map<String, PeerServer> servers = new LinkedHashMap<>();
  private WebSocketClient client;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    var certificate = TestCertificate.in(folder);
    servers.put("Node, ws", new NodeServer(null));
    servers.put("Node, wss", new NodeServer(certificate));
    servers.put("Jetty, ws", new JettyEcho(null));
    servers.put("Jetty, wss", new JettyEcho(certificate.serverContext()));
    servers.put("Undertow, ws", new UndertowEcho(null));
    servers.put("Undertow, wss", new UndertowEcho(certificate.serverContext()));
    client =
        WebSocketClient.builder()
            .tls(TlsOptions.defaults().withTrustedCertificates(certificate.certificatePem()))
            .build();
  }

  @AfterAll
  void stop() {
    client.close();
    servers.values().forEach(PeerServer::close);
  }

  Stream<String> servers() {
    return servers.keySet().stream();
  }

  static Stream<Message> messages() {
    var random = new Random(6455);
    Stream<Message> binary =
        IntStream.of(0, 1, 125, 126, 65_535, 65_536, 8 << 20)
            .mapToObj(
                size -> {
                  byte[] bytes = new byte[size];
                  random.nextBytes(bytes);
                  return Message.of(bytes);
                });
    Stream<Message> text =
        Stream.of("", "plain", WIDE, WIDE.repeat(200 * 1024 / 17)).map(Message::of);
    return Stream.concat(text, binary);
  }

  @ParameterizedTest
  @MethodSource("servers")
  @Rule({"P1", "S7", "S11", "S19", "K2", "6455-4.1-1", "6455-4.1-10", "6455-4.1-11"})
  @Rule({"6455-5.6-1", "6455-6.1-2", "6455-6.1-3", "6455-6.1-4", "6455-6.2-1", "6455-6.2-3"})
  void echoesEverySizeOfTextAndBinary(String server) throws Exception {
    try (var stream = client.connect(servers.get(server).echo().toString())) {
      var connection = Weir.get(stream.opened());
      var reader = connection.readable().getReader();

      for (Message message : messages().toList()) {
        var sent = connection.sendAsync(message);
        assertThat(Weir.next(reader).equals(message)).as("echo of %s", message).isTrue();
        Weir.get(sent);
      }
      assertThat(Weir.get(connection.ping())).isPositive();
      stream.close(4001, "bye");
      assertThat(Weir.get(stream.closed())).isEqualTo(new WebSocketCloseInfo(4001, "bye"));
      assertThat(Weir.get(reader.read()).done()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("servers")
  @Rule({"S16", "S19", "6455-5.5.1-5", "6455-5.5.1-6", "6455-7.1.2-1"})
  void closesWithoutACode(String server) throws Exception {
    try (var stream = client.connect(servers.get(server).echo().toString())) {
      Weir.get(stream.opened());

      stream.close();

      // RFC 6455 says that an answer typically echoes the code; some answer "no code" with 1000.
      assertThat(Weir.get(stream.closed()).closeCode()).isIn(1005, 1000);
    }
  }

  static Stream<Arguments> selecting() {
    return Stream.of("Node, ws", "Node, wss", "Jetty, ws", "Jetty, wss")
        .map(server -> arguments(server, List.of("chat.v2", "chat.v1")));
  }

  @ParameterizedTest
  @MethodSource("selecting")
  @Rule({"S2", "S5", "6455-4.1-21"})
  void takesTheSubprotocolThatTheServerSelects(String server, List<String> offered)
      throws Exception {
    var options = WebSocketStreamOptions.DEFAULT.withProtocols(offered.toArray(String[]::new));
    try (var stream = client.connect(servers.get(server).echo().toString(), options)) {
      var connection = Weir.get(stream.opened());

      assertThat(connection.protocol()).isEqualTo(offered.getFirst());
      // Of these servers Jetty compresses by itself.
      assertThat(connection.extensions().isEmpty()).isEqualTo(!server.startsWith("Jetty"));
      stream.close(1000, "");
      assertThat(stream.awaitClosed(Duration.ofSeconds(Weir.SECONDS)))
          .isEqualTo(new WebSocketCloseInfo(1000, ""));
    }
  }

  @ParameterizedTest
  @MethodSource("servers")
  @Rule("S2")
  void failsWhereASubprotocolWasAskedForAndNoneSelected(String server) throws Exception {
    PeerServer peer = servers.get(server);
    URI url = peer instanceof NodeServer node ? node.url("/echo?protocol=none") : peer.echo();
    if (peer instanceof JettyEcho jetty) {
      url = URI.create(jetty.echo() + "?protocol=none");
    }
    var stream =
        client.connect(url.toString(), WebSocketStreamOptions.DEFAULT.withProtocols("chat"));

    assertThat(Weir.refused(stream).closeCode()).isEqualTo(1006);
  }
}
