package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.opening.OpeningFailure;
import dev.weir.websocket.opening.TlsOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Whom Weir's client trusts over wss, with Node's and Jetty's servers. */
@Requires({Part.NODE, Part.WS})
@ExtendWith(Leftovers.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WeirClientTlsTest {
  private TestCertificate certificate;
  private NodeServer node;
  private NodeServer otherName;
  private JettyEcho jetty;
  private TlsOptions trustedOther;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    certificate = TestCertificate.in(Files.createDirectory(folder.resolve("right")));
    var other =
        TestCertificate.in(Files.createDirectory(folder.resolve("other")), "dns:elsewhere.example");
    node = new NodeServer(certificate);
    otherName = new NodeServer(other);
    jetty = new JettyEcho(certificate.serverContext());
    trustedOther = TlsOptions.defaults().withTrustedCertificates(other.certificatePem());
  }

  @AfterAll
  void stop() {
    node.close();
    otherName.close();
    jetty.close();
  }

  private static void echoes(TlsOptions tls, String url) throws Exception {
    try (var client = WebSocketClient.builder().tls(tls).build()) {
      var stream = client.connect(url);
      var connection = Weir.get(stream.opened());
      connection.send("secret");
      assertThat(Weir.next(connection.readable().getReader())).isEqualTo(Message.of("secret"));
      assertThat(connection.sslSession()).isNotNull();
      assertThat(connection.sslSession().getProtocol()).isEqualTo("TLSv1.3");
      stream.close();
      Weir.get(stream.closed());
    }
  }

  private static void failsWith1015(TlsOptions tls, String url) throws Exception {
    try (var client = WebSocketClient.builder().tls(tls).build()) {
      WebSocketError error = Weir.refused(client.connect(url));

      assertThat(error.closeCode()).isEqualTo(1015);
      assertThat(error.reason()).isEmpty();
      assertThat(((OpeningFailure) error.getCause()).stage()).isEqualTo(OpeningFailure.Stage.TLS);
      assertThat(error.getCause()).hasCauseInstanceOf(SSLException.class);
    }
  }

  @Test
  @Rule({"6455-4.1-7", "6455-4.1-8"})
  void anOwnCertificateAuthorityIsTrustedWhereItIsGiven() throws Exception {
    var tls = TlsOptions.defaults().withTrustedCertificates(certificate.certificatePem());

    echoes(tls, node.echo().toString());
    echoes(tls, jetty.echo().toString());
    echoes(tls, node.echo().toString().replace("127.0.0.1", "localhost"));
  }

  @Test
  @Rule("6455-4.1-8")
  void aContextOfTheUsersOwnIsTaken() throws Exception {
    echoes(
        TlsOptions.defaults().withSslContext(certificate.clientContext()), node.echo().toString());
  }

  @Test
  @Rule({"C4", "C5", "6455-4.1-7", "6455-7.4.1-3"})
  void anUntrustedCertificateIs1015() throws Exception {
    failsWith1015(TlsOptions.defaults(), node.echo().toString());
    failsWith1015(TlsOptions.defaults(), jetty.echo().toString());
  }

  @Test
  @Rule({"C4", "C5"})
  void aCertificateForAnotherHostIs1015() throws Exception {
    failsWith1015(trustedOther, otherName.echo().toString());
  }

  @Test
  void trustingAnyoneTakesBoth() throws Exception {
    echoes(TlsOptions.defaults().trustingAnyone(), node.echo().toString());
    echoes(TlsOptions.defaults().trustingAnyone(), otherName.echo().toString());
  }

  @Test
  @Rule({"C4", "C5"})
  void tlsToAServerThatSpeaksNoneIs1015() throws Exception {
    try (var plain = new JettyEcho(null)) {
      failsWith1015(TlsOptions.defaults(), plain.echo().toString().replace("ws:", "wss:"));
    }
  }
}
