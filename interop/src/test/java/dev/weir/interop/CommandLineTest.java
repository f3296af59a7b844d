package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The weir command's two ends against Chromium and Node's ws, each as a process of its own. */
class CommandLineTest {
  private static WeirCommand serve(String scheme) {
    return scheme.equals("wss")
        ? new WeirCommand("serve", "--port", "0", "--self-signed")
        : new WeirCommand("serve", "--port", "0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "wss"})
  @Requires(Part.CHROMIUM)
  @Rule({"C4", "C6", "H1"})
  void chromiumTalksToTheServer(String scheme) throws Exception {
    try (var server = serve(scheme);
        var browser = new Browser()) {
      String url = server.awaitError("listening on ");
      assertThat(url).startsWith(scheme + "://");
      assertThat(
              browser.run(
                  url,
                  """
                  const stream = new WebSocketStream(url);
                  const {readable, writable} = await stream.opened;
                  const reader = readable.getReader();
                  await writable.getWriter().write('grüße');
                  const {value} = await reader.read();
                  stream.close({closeCode: 4000, reason: 'bye'});
                  const {closeCode, reason} = await stream.closed;
                  return [value, closeCode, reason];
                  """))
          .isEqualTo(List.of("grüße", 4000, "bye"));
      assertThat(
              browser.run(
                  url,
                  """
                  const socket = new WebSocket(url);
                  return await new Promise(resolve => {
                    let echo;
                    socket.onopen = () => socket.send('hello');
                    socket.onmessage = ({data}) => {
                      echo = data;
                      socket.close(3000, 'done');
                    };
                    socket.onclose = ({code, reason, wasClean}) =>
                      resolve([echo, code, reason, wasClean]);
                  });
                  """))
          .isEqualTo(List.of("hello", 3000, "done", true));
      server.terminate();
      assertThat(server.awaitExit()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "wss"})
  @Requires({Part.NODE, Part.WS})
  void nodeTalksToTheServer(String scheme) throws Exception {
    try (var server = serve(scheme)) {
      URI url = URI.create(server.awaitError("listening on "));
      assertThat(
              NodeClient.run(
                      url, "{\"send\": [\"one\", \"two\"], \"expect\": 2, \"close\": [1000, \"\"]}")
                  .toString())
          .contains("one", "two", "1000");
    }
  }

  @Test
  @Requires({Part.NODE, Part.WS})
  void aLineIsAMessageToNodesEchoServer() throws Exception {
    String lines =
        IntStream.range(0, 1000).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
    try (var node = new NodeServer(null);
        var client = new WeirCommand("connect", node.echo().toString())) {
      assertThat(client.converse(lines)).isEqualTo(lines);
      assertThat(client.awaitExit()).isZero();
    }
  }

  @Test
  @Requires({Part.NODE, Part.WS})
  void aCertificateIsTrustedByItsFile(@TempDir Path folder) throws Exception {
    TestCertificate certificate = TestCertificate.in(folder);
    try (var node = new NodeServer(certificate);
        var client =
            new WeirCommand(
                "connect",
                node.echo().toString(),
                "--ca",
                certificate.certificatePem().toString(),
                "-1")) {
      assertThat(client.converse("over TLS\n")).isEqualTo("over TLS\n");
      assertThat(client.awaitExit()).isZero();
    }
    try (var node = new NodeServer(certificate);
        var client = new WeirCommand("connect", node.echo().toString(), "-1")) {
      assertThat(client.converse("over TLS\n")).isEmpty();
      assertThat(client.awaitExit()).isEqualTo(8);
    }
  }

  @Test
  @Requires({Part.NODE, Part.WS})
  void theEndOfTheConnectionIsTheExitStatus() throws Exception {
    try (var node = new NodeServer(null)) {
      try (var client = new WeirCommand("connect", "-n", node.url("/close?code=1000").toString())) {
        assertThat(client.converse("")).isEmpty();
        assertThat(client.awaitExit()).isZero();
      }
      try (var client = new WeirCommand("connect", "-n", node.url("/terminate").toString())) {
        assertThat(client.converse("go\n")).isEmpty();
        assertThat(client.awaitExit()).isEqualTo(4);
      }
    }
  }
}
