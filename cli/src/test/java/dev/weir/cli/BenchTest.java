package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.cli.bench.Load;
import dev.weir.cli.bench.ReportTest;
import dev.weir.cli.bench.Sample;
import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocketHandler;
import dev.weir.websocket.WebSocketServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The load generator against servers on loopback, with few messages. */
class BenchTest {
  @TempDir private Path folder;

  private static WebSocketServer serving(WebSocketHandler handler) throws IOException {
    return WebSocketServer.builder().route("/", handler).start();
  }

  private static Command bench(String... arguments) {
    var all = new String[arguments.length + 1];
    all[0] = "bench";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Command.run("", all);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--text",
        "--binary",
        "--json-payload",
        "--size 0",
        "--size 1 --text --in-flight 3",
        "--size 300k --in-flight 2",
        "--rate 20000",
        "--in-flight 64"
      })
  void everyMessageComesBackAndIsCounted(String options) {
    Command command = bench(("--messages 200 -c 4 " + options).split(" "));
    command.assertStatus(ExitCode.CLEAN);
    assertThat(command.out())
        .contains("opened       4 of 4 in ", "measured     200 messages in ")
        .contains("errors       none\n", "closed with  1000 × 4\n");
    assertThat(command.err())
        .isEqualTo("no URL: loading an echo server of my own, in this process\n");
  }

  @Test
  void aReportIsOneJsonObjectIfAskedFor() {
    Command command = bench("--messages", "10", "--json");
    command.assertStatus(ExitCode.CLEAN);
    assertThat(command.out())
        .startsWith("{\"url\":\"ws://127.0.0.1:")
        .contains("\"messages\":10,\"bytes\":640,", "\"errors\":{},\"closeCodes\":{\"1000\":1}")
        .endsWith("]}\n");
    assertThat(command.err()).isEmpty();
  }

  @Test
  void theJsonObjectHasAllFigures() {
    assertThat(BenchJson.of(ReportTest.results(Load.Work.ECHO, "ws://a/")).toString())
        .isEqualTo(
            "{\"url\":\"ws://a/\",\"work\":\"echo\",\"connections\":4,\"inFlight\":16,"
                + "\"payload\":\"json\",\"size\":1024,\"rate\":2000.0,\"opened\":4,"
                + "\"openingSeconds\":0.5,\"openingNanos\":{\"count\":1,\"min\":1999872,"
                + "\"p50\":2000895,\"p90\":2000895,\"p99\":2000895,\"p99.9\":2000895,"
                + "\"p99.99\":2000895,\"max\":2000895,\"mean\":2000384.0},\"seconds\":10.0,"
                + "\"interrupted\":false,\"messages\":20000,\"bytes\":20480000,"
                + "\"messagesPerSecond\":2000.0,\"bytesPerSecond\":2048000.0,"
                + "\"latencyNanos\":{\"count\":1000,\"min\":1000,\"p50\":500223,\"p90\":900095,"
                + "\"p99\":990207,\"p99.9\":999423,\"p99.99\":1000447,\"max\":1000447,"
                + "\"mean\":500504.858},\"weir\":{\"cpuNanos\":120000000,"
                + "\"cpuNanosPerMessage\":6000.0,\"cores\":0.012,\"heapBytesPerConnection\":2048.0},"
                + "\"server\":{\"heapBytesPerConnection\":1024.0,"
                + "\"residentBytesPerConnection\":10240.0},\"errors\":{\"connection lost\":1},"
                + "\"closeCodes\":{\"1000\":3},\"samples\":[{\"end\":1.0,\"seconds\":1.0,"
                + "\"messages\":1900,\"bytes\":1945600,\"p50\":1000,\"p99\":20000,\"max\":30000},"
                + "{\"end\":2.0,\"seconds\":1.0,\"messages\":2100,\"bytes\":2150400,\"p50\":2000,"
                + "\"p99\":30000,\"max\":40000000}]}");
  }

  @Test
  void aReportIsAPageToo() {
    Path page = folder.resolve("report.html");
    bench("--messages", "10", "-q", "--html", page.toString()).assertStatus(ExitCode.CLEAN);
    assertThat(page).content().contains("<td>10 messages in ", "Latency by percentile");
  }

  @Test
  void aServerThatAnswersOtherThingsIsFoundOut() throws Exception {
    try (WebSocketServer server =
        serving(
            connection -> {
              for (Message message : connection.readable()) {
                connection.send("I do not echo");
              }
            })) {
      Command command = bench("--messages", "4", "-c", "2", server.url("/"));
      command.assertStatus(ExitCode.WRONG_ECHO);
      assertThat(command.out()).contains("errors       echo differs from what was sent × 4\n");
    }
  }

  @Test
  void aServerThatClosesIsAnError() throws Exception {
    try (WebSocketServer server =
        serving(
            connection -> {
              connection.readable().getReader().readBlocking();
              connection.close(4001, "enough");
            })) {
      Command command = bench("-c", "3", server.url("/"));
      command.assertStatus(ExitCode.ABNORMAL);
      assertThat(command.out())
          .contains(
              "errors       connection closed by the server × 3\n", "closed with  4001 × 3\n");
    }
  }

  @Test
  void aServerThatRefusesIsShown() throws Exception {
    try (WebSocketServer server = serving(connection -> {})) {
      Command command = bench("-c", "3", server.url("/other"));
      command.assertStatus(ExitCode.REFUSED);
      assertThat(command.out()).contains("opened       0 of 3\n", "refused with status 404 × 3");
      assertThat(command.err()).contains("HTTP 404");
    }
  }

  @Test
  void whatAServerSendsByItselfIsCounted() throws Exception {
    var end = new CountDownLatch(1);
    try (WebSocketServer server =
        serving(
            connection -> {
              for (int i = 0; i < 50; i++) {
                connection.send("12345678");
              }
              end.await(Command.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            })) {
      Command command = bench("--receive", "--messages", "100", "-c", "2", server.url("/"));
      end.countDown();
      command.assertStatus(ExitCode.CLEAN);
      assertThat(command.out()).contains("errors       none\n").doesNotContain("latency");
    }
  }

  @Test
  void aSlowReaderReadsAtItsPaceAndLosesNothing() throws Exception {
    try (WebSocketServer server =
        serving(
            connection -> {
              for (int i = 0; ; i++) {
                connection.send(new byte[64 * 1024]);
              }
            })) {
      Command command =
          bench("--receive", "--slow-reader", "200", "--messages", "20", server.url("/"));
      command.assertStatus(ExitCode.CLEAN);
      assertThat(command.out()).contains("measured     20 messages in ", "errors       none\n");
    }
  }

  @Test
  void idleConnectionsAreHeld() throws Exception {
    Command command = bench("--idle", "-c", "20", "-d", "0.01");
    command.assertStatus(ExitCode.CLEAN);
    assertThat(command.out())
        .contains("opened       20 of 20 in ", " of heap and ", "closed with  1000 × 20\n");
  }

  @Test
  void anInterruptEndsItWithAReport() throws Exception {
    var busy = new CountDownLatch(100);
    try (WebSocketServer server =
        serving(
            connection -> {
              for (Message message : connection.readable()) {
                connection.send(message);
                busy.countDown();
              }
            })) {
      Command command = Command.start("bench", "--no-warm-up", "-d", "3600", server.url("/"));
      assertThat(busy.await(Command.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      command.interrupts.raise(ExitCode.INTERRUPTED);
      command.assertStatus(ExitCode.INTERRUPTED);
      assertThat(command.out()).contains(" (interrupted): ", "errors       none\n");
      command.endInput();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--connections 0|--connections: expected from 1 to 1000000 but was 0",
        "--in-flight 100000|--in-flight: expected from 1 to 65536 but was 100000",
        "--size 31 --json-payload|--size: expected from 32 to 1073741824 but was 31",
        "--size 5g|expected a number of bytes below 2 GiB, such as 100, 64k or 1m, but was '5g'",
        "--size 4096m|expected a number of bytes below 2 GiB",
        "--rate 0|--rate: expected more than 0 and at most 1000000000 a second but was 0.0",
        "--rate many|'many' is not a double",
        "--messages 3 -c 4|--messages: expected from 4 to",
        "--text --binary|--text and --binary exclude each other",
        "--idle --receive|--idle and --receive exclude each other",
        "--idle --rate 5|--idle and --rate exclude each other",
        "--receive --text|--receive and --text exclude each other",
        "--receive|--receive needs the URL of a server that sends by itself",
        "--messages 3 --warm-up 1|--warm-up and --messages exclude each other",
        "--pid 4611686018427387903|--pid: there is no process 4611686018427387903",
        "--html no/such/folder/x.html|--html: expected a file in a folder that is there but was",
        "--duration 0|expected more than 0 and at most",
        "ftp://example.com/|expected",
      })
  void wrongArgumentsAreToldApart(String arguments, String message) {
    Command command = bench(arguments.split(" "));
    command.assertStatus(ExitCode.USAGE);
    assertThat(command.err()).contains(message, "Try 'weir bench --help'.");
    assertThat(command.out()).isEmpty();
  }

  @Test
  void progressIsOneLineOnATerminalAndNoneElsewhere() {
    for (boolean terminal : new boolean[] {true, false}) {
      var err = new ByteArrayOutputStream();
      var stdio =
          new Stdio(
              InputStream.nullInputStream(),
              OutputStream.nullOutputStream(),
              new PrintStream(err, true, StandardCharsets.UTF_8),
              true,
              true,
              terminal,
              Map.of());
      var progress = new ProgressLine(stdio, false, Load.Work.ECHO);
      progress.opening(3, 1, 16);
      progress.sampled(new Sample(2, 1, 84_120, 5_383_680, 85_000, 900_000, 1), true, 16, 0);
      progress.sampled(new Sample(3, 1, 10, 640, 85_000, 900_000, 1), false, 15, 7);
      progress.clear();
      assertThat(err.toString(StandardCharsets.UTF_8))
          .isEqualTo(
              terminal
                  ? "\r\u001b[Kopening: 3 of 16, 1 failed"
                      + "\r\u001b[Kwarm-up 2 s  84,120 messages/s  5.38 MB/s  p50 85 µs  p99 900 µs  16 open"
                      + "\r\u001b[K3 s  10 messages/s  0.0006 MB/s  p50 85 µs  p99 900 µs  15 open  7 errors"
                      + "\r\u001b[K"
                  : "");
    }
  }
}
