package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The JVM's peers against each other: what they do without Weir is known, so theirs is no surprise.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PeersAmongThemselvesTest {
  private final Map<String, PeerServer> servers = new LinkedHashMap<>();
  private final Map<String, PeerClient> clients = new LinkedHashMap<>();

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    var certificate = TestCertificate.in(folder);
    servers.put("Jetty, ws", new JettyEcho(null));
    servers.put("Jetty, wss", new JettyEcho(certificate.serverContext()));
    servers.put("Undertow, ws", new UndertowEcho(null));
    servers.put("Undertow, wss", new UndertowEcho(certificate.serverContext()));
    var context = certificate.clientContext();
    clients.put("java.net.http", new JdkClient(context));
    clients.put(
        "OkHttp",
        new OkHttpPeerClient(
            context, (X509TrustManager) certificate.trust().getTrustManagers()[0]));
    clients.put("Jetty", new JettyPeerClient(context));
  }

  @AfterAll
  void stop() throws Exception {
    for (PeerClient client : clients.values()) {
      client.close();
    }
    servers.values().forEach(PeerServer::close);
  }

  Stream<Arguments> pairs() {
    return clients.keySet().stream()
        .flatMap(client -> servers.keySet().stream().map(server -> arguments(client, server)));
  }

  @ParameterizedTest(name = "{0} to {1}")
  @MethodSource("pairs")
  void echoTextAndBinaryAndCloseWithTheCodeGiven(String client, String server) throws Exception {
    byte[] bytes = new byte[200_000];
    bytes[199_999] = 7;
    PeerSession session = clients.get(client).connect(servers.get(server).echo(), List.of());

    session.send("grüße");
    assertThat(session.next()).isEqualTo(new PeerEvent.Text("grüße"));
    session.send(bytes);
    assertThat(session.next()).isEqualTo(new PeerEvent.Binary(bytes));
    session.close(4001, "bye");
    assertThat(session.next()).isEqualTo(new PeerEvent.Closed(4001, "bye"));
  }
}
