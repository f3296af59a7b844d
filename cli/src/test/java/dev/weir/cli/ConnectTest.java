package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.websocket.Message;
import dev.weir.websocket.Route;
import dev.weir.websocket.WebSocketServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes in, what comes out, and what is said beside it. */
class ConnectTest {
  @TempDir private Path folder;

  @Test
  void eachLineIsAMessageAndEachAnswerALine() {
    Command command = Command.run("a\n\nb\r\nlast", "connect");
    command.assertStatus(ExitCode.CLEAN);
    assertThat(command.out()).isEqualTo("a\n\nb\nlast\n");
    assertThat(command.err())
        .contains("an echo server of my own", "connected to ws://127.0.0.1:", "closed: 1000");
  }

  @Test
  void noAnswerIsLostAtTheEndOfALongInput() {
    var lines = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      lines.append(i).append('\n');
    }
    Command command =
        Command.in(new ByteArrayInputStream(lines.toString().getBytes(StandardCharsets.UTF_8)))
            .start("connect", "-q");
    command.assertStatus(ExitCode.CLEAN);
    assertThat(command.out().equals(lines.toString())).as("all lines, in order").isTrue();
    assertThat(command.err()).isEmpty();
  }

  @Test
  void itClosesAfterTheFirstMessageIfToldSo() {
    Command command = Command.start("connect", "-1");
    command.type("first\nsecond\n").assertStatus(ExitCode.CLEAN);
    assertThat(command.out()).isEqualTo("first\n");
  }

  @Test
  void withALimitOfMessagesItWaitsForThemAlsoAtTheEndOfTheInput() throws Exception {
    var asked = new CountDownLatch(1);
    try (WebSocketServer server =
        WebSocketServer.builder()
            .route(
                "/",
                connection -> {
                  asked.await();
                  connection.send("late");
                  connection.awaitClosed();
                })
            .start()) {
      Command command = Command.start("connect", "--max-messages", "1", server.url("/"));
      command.endInput();
      command.awaitErr("connected");
      asked.countDown();
      command.assertStatus(ExitCode.CLEAN);
      assertThat(command.out()).isEqualTo("late\n");
    }
  }

  @Test
  void standardInputIsNotReadBeforeTheConnectionIsOpen() {
    InputStream unread =
        new InputStream() {
          @Override
          public int read() {
            throw new AssertionError("standard input was read");
          }
        };
    Command.in(unread).start("connect", "ws://127.0.0.1:1/").assertStatus(ExitCode.TCP);
  }

  @Test
  void standardInputIsNotReadWhileThePeerDoesNotKeepUp() throws Exception {
    var release = new CountDownLatch(1);
    var received = new AtomicLong();
    try (WebSocketServer server =
        WebSocketServer.builder()
            .route(
                "/",
                connection -> {
                  release.await();
                  for (Message message : connection.readable()) {
                    received.addAndGet(message.toString().length());
                  }
                })
            .start()) {
      long size = 64L << 20;
      var taken = new AtomicLong();
      InputStream lines =
          new InputStream() {
            @Override
            public int read() {
              throw new AssertionError("one byte at a time");
            }

            @Override
            public int read(byte[] bytes, int from, int count) {
              long left = size - taken.get();
              if (left == 0) {
                return -1;
              }
              int filled = (int) Math.min(left, Math.min(count, 1024));
              Arrays.fill(bytes, from, from + filled, (byte) 'x');
              bytes[from + filled - 1] = '\n';
              taken.addAndGet(filled);
              return filled;
            }
          };
      Command command = Command.in(lines).start("connect", "-q", "--no-compress", server.url("/"));
      long stalledAt = awaitStandstill(taken);
      assertThat(stalledAt).isPositive().isLessThan(size / 2);
      release.countDown();
      command.assertStatus(ExitCode.CLEAN);
      assertThat(taken).hasValue(size);
      assertThat(received.get()).isEqualTo(size - size / 1024);
    }
  }

  /** The value once it has not moved for half a second. */
  private static long awaitStandstill(AtomicLong value) throws InterruptedException {
    var never = new CountDownLatch(1);
    long before = -1;
    while (before != value.get() || before == 0) {
      before = value.get();
      assertThat(never.await(500, TimeUnit.MILLISECONDS)).isFalse();
    }
    return before;
  }

  @Test
  void binaryComesOutOfAPipeAsItWentIn() {
    byte[] bytes = new byte[200_000];
    new Random(7).nextBytes(bytes);
    Command command = Command.in(new ByteArrayInputStream(bytes)).start("connect", "-b");
    command.assertStatus(ExitCode.CLEAN);
    assertThat(command.outBytes()).isEqualTo(bytes);
  }

  @Test
  void allOfTheInputCanBeOneMessage() {
    Command text = Command.run("a\nb\n", "connect", "--whole", "--json");
    text.assertStatus(ExitCode.CLEAN);
    assertThat(text.out()).contains("\"type\":\"text\",\"data\":\"a\\nb\\n\"");
    Command binary = Command.run("a\nb\n", "connect", "--whole", "-b", "--json");
    binary.assertStatus(ExitCode.CLEAN);
    assertThat(binary.out()).contains("\"type\":\"binary\",\"data\":\"YQpiCg==\"");
  }

  @Test
  void messagesMayEndWithNul() {
    Command command = Command.run("a\nb\0c", "connect", "-0");
    command.assertStatus(ExitCode.CLEAN);
    assertThat(command.out()).isEqualTo("a\nb\0c\0");
  }

  @Test
  void jsonSaysWhatHappensOnALineEach() {
    Command command = Command.run("\"x\"\u0007\n", "connect", "--json");
    command.assertStatus(ExitCode.CLEAN);
    assertThat(command.out().lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .matches(
                        "\\{\"event\":\"open\",\"url\":\"ws://127\\.0\\.0\\.1:\\d+/\","
                            + "\"protocol\":\"\",\"extensions\":\"[^\"]*\"}"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "{\"event\":\"message\",\"type\":\"text\",\"data\":"
                            + "\"\\\"x\\\"\\u0007\"}"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "{\"event\":\"close\",\"code\":1000,\"reason\":\"\",\"clean\":true}"));
    assertThat(command.err()).isEmpty();
  }

  @Test
  void jsonSaysAlsoWhyThereIsNoConnection() {
    Command command = Command.run("", "connect", "--json", "ws://127.0.0.1:1/");
    command.assertStatus(ExitCode.TCP);
    assertThat(command.out())
        .startsWith("{\"event\":\"error\",\"cause\":\"")
        .contains("\"stage\":\"connect\",\"timeout\":false}\n");
  }

  @Test
  void aTerminalGetsNothingThatItCouldObey() {
    Command command =
        new Command.Setting().onTerminal().run("\u001b[2Jred\u202e\tend\n", "connect");
    command.assertStatus(ExitCode.CLEAN);
    assertThat(command.out()).isEqualTo("\\x1b[2Jred\\u202e\tend\n");
    Command binary = new Command.Setting().onTerminal().run("\u001b[2J", "connect", "-b");
    binary.assertStatus(ExitCode.CLEAN);
    assertThat(binary.out()).isEqualTo("4 bytes: 1b 5b 32 4a\n");
  }

  @Test
  void headersComeFromTheCommandLineAFileOrTheEnvironment() throws IOException {
    Path file = folder.resolve("headers");
    Files.writeString(file, "# a comment\n\nX-Two: from file\n");
    try (WebSocketServer server =
        WebSocketServer.builder()
            .route(
                Route.of(
                        "/",
                        connection -> {
                          for (String name :
                              List.of("X-One", "X-Two", "X-Three", "Cookie", "Origin")) {
                            connection.send(name + "=" + connection.request().headers().all(name));
                          }
                          connection.send("protocol=" + connection.protocol());
                        })
                    .withProtocols("v2.chat"))
            .start()) {
      Command command =
          Command.with("SECRET", "token")
              .run(
                  "",
                  "connect",
                  "-n",
                  "-H",
                  "X-One: 1",
                  "-H",
                  "@" + file,
                  "--header-env",
                  "X-Three=SECRET",
                  "--cookie",
                  "a=1",
                  "--cookie",
                  "b=2",
                  "--origin",
                  "https://example.com",
                  "--protocol",
                  "v1.chat,v2.chat",
                  server.url("/"));
      command.assertStatus(ExitCode.CLEAN);
      assertThat(command.out())
          .isEqualTo(
              "X-One=[1]\nX-Two=[from file]\nX-Three=[token]\nCookie=[a=1; b=2]\n"
                  + "Origin=[https://example.com]\n"
                  + "protocol=v2.chat\n");
      assertThat(command.err()).contains(", subprotocol v2.chat");
    }
  }

  @Test
  void verboseShowsHandshakeAndFramesButNoSecrets() {
    Command command = Command.run("hey\n", "connect", "-v", "-H", "Authorization: Bearer abc");
    command.assertStatus(ExitCode.CLEAN);
    assertThat(command.err().lines())
        .contains(
            "> GET / HTTP/1.1",
            "> Sec-WebSocket-Version: 13",
            "> Authorization: [10 characters, not shown]",
            "< HTTP/1.1 101 Switching Protocols",
            "> TEXT fin masked 3 bytes: \"hey\"",
            "< TEXT fin 3 bytes: \"hey\"",
            "> CLOSE fin masked 2 bytes: 1000 Normal Closure",
            "< CLOSE fin 2 bytes: 1000 Normal Closure");
    assertThat(command.err()).doesNotContain("Bearer");
    assertThat(command.out()).isEqualTo("hey\n");
  }

  @Test
  void theServersCloseEndsItAlsoWhileTheInputIsOpen() throws IOException {
    try (WebSocketServer server =
        WebSocketServer.builder().route("/", connection -> connection.send("bye")).start()) {
      Command command = Command.start("connect", server.url("/"));
      command.assertStatus(ExitCode.CLEAN);
      assertThat(command.out()).isEqualTo("bye\n");
      command.endInput();
    }
  }

  @Test
  void aSchemeIsNotNeeded() throws IOException {
    var paths = new ArrayList<String>();
    try (WebSocketServer server =
        WebSocketServer.builder()
            .route("/**", connection -> paths.add(connection.request().path()))
            .start()) {
      Command.run("", "connect", "-n", "127.0.0.1:" + server.port() + "/here")
          .assertStatus(ExitCode.CLEAN);
    }
    assertThat(paths).containsExactly("/here");
  }
}
