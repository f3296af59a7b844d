package dev.weir.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server side, driven by the client side. */
class ServeTest {
  @TempDir private Path folder;

  private static String listening(Command serve) {
    return serve.awaitErr("listening on (wss?://\\S+)");
  }

  @Test
  void itEchoesOnEveryPathAndEndsWithStatus0() {
    Command serve = Command.start("serve");
    String url = listening(serve);
    for (String path : new String[] {"", "a/b?c=d"}) {
      Command connect = Command.run("x\n", "connect", url + path);
      connect.assertStatus(ExitCode.CLEAN);
      assertThat(connect.out()).isEqualTo("x\n");
    }
    Command open = Command.start("connect", url);
    open.awaitErr("connected");
    serve.interrupts.raise(ExitCode.TERMINATED);
    serve.assertStatus(ExitCode.CLEAN);
    open.assertStatus(ExitCode.CLEAN);
    assertThat(open.err()).contains("closed: 1001 Going Away, clean");
    assertThat(serve.out()).isEmpty();
    open.endInput();
  }

  @Test
  void itServesTlsWithACertificateOfItsOwnMaking() {
    try (Command serve = Command.start("serve", "--self-signed")) {
      String url = listening(serve);
      assertThat(url).startsWith("wss://");
      Command connect = Command.run("x\n", "connect", "-k", url);
      connect.assertStatus(ExitCode.CLEAN);
      assertThat(connect.err()).contains("TLSv1.3");
    }
  }

  @Test
  void itServesPagesBesideTheirWebSocket() throws Exception {
    Files.writeString(folder.resolve("index.html"), "<p>hello");
    try (Command serve = Command.start("serve", "--static", folder.toString())) {
      String url = listening(serve);
      String page = serve.awaitErr("files of .* at (http://\\S+)");
      assertThat(page).isEqualTo(url.replace("ws://", "http://"));
      try (InputStream answer = URI.create(page).toURL().openStream()) {
        assertThat(answer.readAllBytes()).asString().isEqualTo("<p>hello");
      }
      Command connect = Command.run("x\n", "connect", url);
      connect.assertStatus(ExitCode.CLEAN);
      assertThat(connect.out()).isEqualTo("x\n");
    }
  }

  @Test
  void itRefusesOtherOriginsAndSpeaksItsSubprotocol() {
    try (Command serve =
        Command.start("serve", "-v", "--origin", "https://good.example", "--protocol", "p")) {
      String url = listening(serve);
      Command.run("", "connect", "--origin", "https://bad.example", url)
          .assertStatus(ExitCode.REFUSED)
          .awaitErr("HTTP 403");
      Command.run("", "connect", "--protocol", "p", "--origin", "https://good.example", url)
          .assertStatus(ExitCode.CLEAN)
          .awaitErr("subprotocol p");
      serve.awaitErr("< GET / HTTP/1.1");
    }
  }

  @Test
  void itRefusesConnectionsBeyondItsLimit() {
    try (Command serve = Command.start("serve", "--max-connections", "1")) {
      String url = listening(serve);
      try (Command first = Command.start("connect", url)) {
        first.awaitErr("connected");
        Command.run("", "connect", url).assertStatus(ExitCode.REFUSED).awaitErr("HTTP 503");
      }
    }
  }

  @Test
  void aProgramsLinesAreMessagesAndItsEnvironmentIsTheRequest() {
    try (Command serve =
        Command.start(
            "serve",
            "--exec",
            "while read -r line; do echo \"$line $REMOTE_ADDR $REQUEST_METHOD $PATH_INFO"
                + " $QUERY_STRING $HTTP_X_NAME [$HTTP_PROXY]\"; done")) {
      String url = listening(serve);
      Command connect =
          Command.start(
              "connect",
              "-H",
              "X-Name: Ann",
              "-H",
              "Proxy: http://evil.example",
              "--max-messages",
              "2",
              url + "room/7?q=1");
      connect.type("one\ntwo\n").endInput().assertStatus(ExitCode.CLEAN);
      assertThat(connect.out())
          .isEqualTo(
              "one 127.0.0.1 GET /room/7 q=1 Ann []\ntwo 127.0.0.1 GET /room/7 q=1 Ann []\n");
    }
  }

  @Test
  void aProgramsEndClosesWith1000Or1011() {
    try (Command serve =
        Command.start("serve", "--exec", "echo started; read status; exit \"$status\"")) {
      String url = listening(serve);
      Command good = Command.start("connect", "-n", url);
      good.awaitOut("started\n");
      good.type("0\n").assertStatus(ExitCode.CLEAN);
      assertThat(good.err()).contains("closed: 1000 Normal Closure, clean");
      Command bad = Command.start("connect", "-n", url);
      bad.awaitOut("started\n");
      bad.type("3\n").assertStatus(ExitCode.CLOSED);
      assertThat(bad.err()).contains("closed: 1011 Internal Error, clean");
      good.endInput();
      bad.endInput();
    }
  }

  @Test
  void aConnectionsEndIsTheEndOfTheProgramsInput() {
    Path ended = folder.resolve("ended");
    try (Command serve =
        Command.start(
            "serve", "--exec", "echo started; cat >/dev/null; echo gone >'" + ended + "'")) {
      Command connect = Command.start("connect", listening(serve));
      connect.awaitOut("started\n");
      connect.endInput().assertStatus(ExitCode.CLEAN);
    }
    // The server's end has waited for the program's.
    assertThat(ended).hasContent("gone\n");
  }

  @Test
  void aProgramThatDoesNotEndIsKilledWithItsChildren() throws Exception {
    Path pid = folder.resolve("pid");
    try (Command serve =
        Command.start(
            "serve",
            "--exec-timeout",
            "0.2",
            "--exec",
            "trap '' TERM; sleep 1000 & echo $! >'" + pid + "'; echo started; wait; wait")) {
      Command connect = Command.start("connect", listening(serve));
      connect.awaitOut("started\n");
      connect.endInput().assertStatus(ExitCode.CLEAN);
    }
    long child = Long.parseLong(Files.readString(pid).strip());
    // Killed it is; that the system has forgotten it may take a moment.
    ProcessHandle.of(child).ifPresent(handle -> handle.onExit().orTimeout(30, SECONDS).join());
  }

  @Test
  void aProgramThatDoesNotReadHoldsTheClientBackAndOneThatTalksIsHeldBack() {
    try (Command serve = Command.start("serve", "--exec", "yes 0123456789 | head -n 200000")) {
      Command connect = Command.start("connect", "-n", "-q", listening(serve));
      connect.endInput().assertStatus(ExitCode.CLEAN);
      assertThat(connect.out().length()).isEqualTo(200_000 * 11);
    }
  }

  @Test
  void binaryIsNothingForAProgram() {
    try (Command serve = Command.start("serve", "--exec", "cat")) {
      Command connect = Command.run("x", "connect", "-n", "-b", listening(serve));
      connect.assertStatus(ExitCode.CLOSED);
      assertThat(connect.err()).contains("closed: 1003 Unsupported Data");
    }
  }
}
