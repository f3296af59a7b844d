package dev.weir.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program that uses the transports prints nothing but its own words, with or without flags. */
final class QuietStartTest {
  /** Opens one connection between the two transports and ends. */
  public static final class Program {
    private Program() {}

    public static void main(String[] arguments) throws Exception {
      IoBackend backend = IoBackend.choose();
      try (var server = TestOptions.server(backend)) {
        int port =
            server
                .start(
                    exchange ->
                        exchange.accept(
                            dev.weir.protocol.handshake.Agreement.NONE,
                            dev.weir.protocol.handshake.Headers.empty(),
                            channel -> {}))
                .getPort();
        var client = TestOptions.patient().client(backend);
        TestOptions.open(client, "ws://127.0.0.1:" + port + "/").success();
        System.out.println(backend);
        // The client is not closed: its threads must not keep the program alive.
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--enable-native-access=ALL-UNNAMED"})
  void printsNoWarning(String flag) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (!flag.isEmpty()) {
      command.add(flag);
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Program.class.getName()));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"))
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(output).isZero();
    boolean quiet = !flag.isEmpty() || Runtime.version().feature() < 24;
    boolean epoll = quiet && IoBackend.EPOLL.isAvailable();
    assertThat(output).isEqualTo(epoll ? "EPOLL" : "NIO");
  }
}
