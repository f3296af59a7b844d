package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.protocol.handshake.Headers;
import dev.weir.protocol.handshake.Refusal;
import dev.weir.websocket.Route;
import dev.weir.websocket.WebSocketHandler;
import dev.weir.websocket.WebSocketServer;
import dev.weir.websocket.opening.TlsOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of exit statuses, each one by the situation that it is for. */
class ExitStatusTest {
  private static WebSocketServer serving(WebSocketHandler handler) throws IOException {
    return WebSocketServer.builder().route("/**", handler).start();
  }

  @ParameterizedTest
  @CsvSource({"1000,CLEAN", "1001,CLEAN", "1008,CLOSED", "1011,CLOSED", "4000,CLOSED"})
  void aCleanCloseByTheServer(int code, ExitCode expected) throws IOException {
    try (WebSocketServer server = serving(connection -> connection.close(code, "done"))) {
      Command command = Command.run("", "connect", "-n", server.url("/"));
      command.assertStatus(expected);
      assertThat(command.err()).contains("closed: " + code + " ", "reason \"done\", clean");
    }
  }

  @Test
  void aCleanCloseWithoutACode() throws Exception {
    byte[] emptyClose = {(byte) 0x88, 0};
    try (var server = RawServer.accepting(emptyClose)) {
      Command command = Command.run("", "connect", "-n", server.url());
      command.assertStatus(ExitCode.CLEAN);
      assertThat(command.err()).contains("closed: 1005 No Status Rcvd, clean");
    }
  }

  @Test
  void theCodeThatThisSideSentIsNoSurprise() {
    Command.run("", "connect", "--close-code", "4321", "--close-reason", "enough")
        .assertStatus(ExitCode.CLEAN)
        .awaitErr("closed: 4321 private use, reason \"enough\", clean");
  }

  @Test
  void anEndWithoutACloseFrame() throws IOException {
    try (WebSocketServer server = serving(connection -> connection.abort())) {
      Command command = Command.run("", "connect", "-n", server.url("/"));
      command.assertStatus(ExitCode.ABNORMAL);
      assertThat(command.err()).contains("closed: 1006 Abnormal Closure, not clean: ");
    }
  }

  @Test
  void aPeerThatBreaksTheProtocol() throws Exception {
    byte[] reservedOpcode = {(byte) 0x83, 0};
    try (var server = RawServer.accepting(reservedOpcode)) {
      Command command = Command.run("", "connect", "-n", server.url());
      command.assertStatus(ExitCode.PROTOCOL);
      assertThat(command.err()).contains("not clean: expected opcode");
    }
  }

  @Test
  void aRefusedUpgradeShowsStatusHeadersAndBody() throws IOException {
    Refusal refusal = new Refusal(401, Headers.of("WWW-Authenticate", "Bearer"), "who\u001b[2J?");
    try (WebSocketServer server =
        WebSocketServer.builder()
            .route(Route.of("/**", connection -> {}).withCheck(request -> Optional.of(refusal)))
            .start()) {
      Command command = Command.run("", "connect", server.url("/"));
      command.assertStatus(ExitCode.REFUSED);
      assertThat(command.err())
          .contains("HTTP 401 Unauthorized\n", "WWW-Authenticate: Bearer\n", "who\\x1b[2J?\n")
          .doesNotContain("connected");
      assertThat(command.out()).isEmpty();
    }
  }

  @Test
  void anAnswerThatIsNoWebSocketHandshake() throws Exception {
    try (var server = new RawServer("SSH-2.0-OpenSSH_9.2\r\n", new byte[0])) {
      Command.run("", "connect", server.url()).assertStatus(ExitCode.HANDSHAKE);
    }
  }

  @Test
  void aHandshakeWithoutAnAnswer() throws Exception {
    try (var server = new RawServer(null, new byte[0])) {
      Command.run("", "connect", "--timeout", "0.2", server.url())
          .assertStatus(ExitCode.TIMEOUT)
          .awaitErr("within");
    }
  }

  @Test
  void noTcpConnection() throws IOException {
    int port;
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }
    Command.run("", "connect", "ws://127.0.0.1:" + port + "/").assertStatus(ExitCode.TCP);
  }

  @Test
  void noSuchHost() {
    Command.run("", "connect", "ws://no-such-host.invalid/")
        .assertStatus(ExitCode.DNS)
        .awaitErr("no-such-host.invalid could not be resolved");
  }

  @Test
  void aCertificateThatNobodyTrusts() throws IOException {
    try (WebSocketServer server =
        WebSocketServer.builder().tls(TlsOptions.selfSigned()).route(EchoServer.route()).start()) {
      Command.run("x\n", "connect", server.url("/")).assertStatus(ExitCode.TLS);
      Command insecure = Command.run("x\n", "connect", "-k", server.url("/"));
      insecure.assertStatus(ExitCode.CLEAN);
      assertThat(insecure.out()).isEqualTo("x\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--no-such-option",
        "--close-code 1001",
        "--max-messages 0",
        "--max-messages many",
        "--timeout 0",
        "--timeout soon",
        "--header novalue",
        "--cookie novalue",
        "--cookie a=1;b=2",
        "--header-env X=WEIR_NO_SUCH_VARIABLE",
        "--header Upgrade:h2c",
        "--key key.pem",
        "--protocol a,a",
        "ftp://example.com/",
        "ws://example.com/#fragment"
      })
  void aWrongCommandLine(String options) {
    Command command = Command.run("", ("connect " + options).split(" "));
    command.assertStatus(ExitCode.USAGE);
    assertThat(command.err()).contains("weir: ", "Try 'weir connect --help'.");
    assertThat(command.out()).isEmpty();
  }

  @Test
  void anInputThatIsNotUtf8() {
    Command command =
        Command.in(new ByteArrayInputStream(new byte[] {'a', '\n', (byte) 0xff, '\n'}))
            .start("connect");
    command.assertStatus(ExitCode.LOCAL);
    assertThat(command.err()).contains("weir: the input failed: line 2 is not UTF-8");
  }

  @Test
  void anOutputThatFails() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space left");
          }
        };
    Command command = new Command.Setting().out(full).start("connect");
    command.type("x\n");
    command.assertStatus(ExitCode.LOCAL);
    assertThat(command.err()).contains("weir: the output failed: no space left");
  }

  @Test
  void aFileThatIsNotThere() {
    Command.run("", "connect", "-H", "@/no/such/file").assertStatus(ExitCode.LOCAL);
    Command.run("", "connect", "--ca", "/no/such/file", "wss://127.0.0.1:9/")
        .assertStatus(ExitCode.LOCAL);
  }

  @ParameterizedTest
  @CsvSource({"INTERRUPTED,1000", "TERMINATED,1001"})
  void anInterruptClosesFirst(ExitCode interrupt, int code) throws Exception {
    var closed = new CompletableFuture<Integer>();
    try (WebSocketServer server =
        serving(
            connection -> {
              for (var message : connection.readable()) {
                assertThat(message).isNull();
              }
              closed.complete(connection.awaitClosed().closeCode());
            })) {
      Command command = Command.start("connect", server.url("/"));
      command.awaitErr("connected to");
      command.interrupts.raise(interrupt);
      command.assertStatus(interrupt);
      assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(code);
      assertThat(command.hardEnds()).isEmpty();
    }
  }

  @Test
  void aSecondInterruptDoesNotWait() throws Exception {
    // It never answers the Close.
    try (var server = RawServer.silentAfter(new byte[] {(byte) 0x81, 1, 'a'})) {
      Command command = Command.start("connect", "--close-timeout", "1", server.url());
      command.awaitOut("a\n");
      command.interrupts.raise(ExitCode.INTERRUPTED);
      command.interrupts.raise(ExitCode.INTERRUPTED);
      assertThat(command.hardEnds()).containsExactly("INTERRUPTED");
      command.assertStatus(ExitCode.INTERRUPTED);
    }
  }

  @Test
  void anAddressThatIsTaken() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Command command = Command.run("", "serve", "--port", Integer.toString(taken.getLocalPort()));
      command.assertStatus(ExitCode.TCP);
      assertThat(command.err()).startsWith("weir: can not listen on 127.0.0.1 port ");
    }
  }

  @ParameterizedTest
  @EnumSource(ExitCode.class)
  void theHelpOfACommandListsEachStatus(ExitCode code) {
    assertThat(Stream.of("connect", "serve", "run", "bench"))
        .anySatisfy(
            name -> {
              Command help = Command.run("", name, "--help");
              help.assertStatus(ExitCode.CLEAN);
              assertThat(help.out()).containsPattern("(?m)^ +" + code.status() + " +\\S");
            });
  }
}
