package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in the root, with real processes, pipes, signals and a pseudo-terminal. */
class LauncherIT {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final int PATIENCE_SECONDS = 120;
  private static final String WEIR = ROOT.resolve("weir").toString();

  private final List<Process> started = new ArrayList<>();
  @TempDir private Path folder;

  private Process start(String... command) throws IOException {
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("WEIR_BUILD", "never");
    builder.redirectError(folder.resolve("stderr").toFile());
    return watched(builder.start());
  }

  /** A process that hangs is killed, which ends the reads from it: they know no timeout. */
  private Process watched(Process process) {
    started.add(process);
    CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .execute(
            () -> {
              process.descendants().forEach(ProcessHandle::destroyForcibly);
              process.destroyForcibly();
            });
    return process;
  }

  private Process shell(String script) throws IOException {
    return start("sh", "-c", "weir='" + WEIR + "'; " + script);
  }

  @AfterEach
  void leavesNoProcess() throws InterruptedException {
    for (Process process : started) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }

  private String stderr() throws IOException {
    return Files.readString(folder.resolve("stderr"));
  }

  private static String read(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  private void assertEnds(Process process, int status) throws IOException, InterruptedException {
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as(stderr()).isTrue();
    assertThat(process.exitValue()).as(stderr()).isEqualTo(status);
  }

  /** Reads from a pseudo-terminal until this has come. */
  private static void await(InputStream in, String wanted) throws IOException {
    var seen = new StringBuilder();
    while (seen.indexOf(wanted) < 0) {
      int next = in.read();
      assertThat(next).as("expected %s but was the end of: %s", wanted, seen).isNotNegative();
      seen.append((char) next);
    }
  }

  @Test
  void aPipeThroughTheBuiltInEchoServer() throws Exception {
    Process process = shell("printf 'ping\\n' | \"$weir\" connect -1");
    assertThat(read(process.getInputStream())).isEqualTo("ping\n");
    assertEnds(process, 0);
    assertThat(stderr()).doesNotContainIgnoringCase("warning").doesNotContain("Exception");
  }

  @Test
  void aLongPipeLosesNothing() throws Exception {
    Process process =
        // The first start after a build says that it prepares the next ones.
        shell(
            "\"$weir\" --version >version 2>&1 && seq 100000 > seq"
                + " && \"$weir\" connect -q < seq | cmp - seq && echo same");
    assertThat(read(process.getInputStream())).isEqualTo("same\n");
    assertEnds(process, 0);
    assertThat(stderr()).isEmpty();
  }

  @Test
  void aReaderThatGoesAwayEndsIt() throws Exception {
    Process process =
        shell("{ yes | \"$weir\" connect -q; echo \"status $?\" >status; } | head -n 1");
    assertThat(read(process.getInputStream())).isEqualTo("y\n");
    assertEnds(process, 0);
    assertThat(folder.resolve("status")).hasContent("status 10\n");
  }

  @Test
  void aScriptFromAPipeRunsToItsEnd() throws Exception {
    Process process =
        shell("\"$weir\" --version >version 2>&1 && echo 'console.log(1 + 1)' | \"$weir\" run -");
    assertThat(read(process.getInputStream())).isEqualTo("2\n");
    assertEnds(process, 0);
    assertThat(stderr()).isEmpty();
  }

  @Test
  void sigtermEndsAScriptWith143() throws Exception {
    Path script = folder.resolve("forever.js");
    Files.writeString(script, "console.log('on'); setInterval(() => {}, 1000);");
    Process process = start(WEIR, "run", script.toString());
    assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("on");
    process.destroy();
    assertEnds(process, 143);
  }

  @Test
  void aLinkToTheLauncherAndAnotherFolderMakeNoDifference() throws Exception {
    Files.createSymbolicLink(folder.resolve("linked"), Path.of(WEIR));
    Process process = start("./linked", "--version");
    assertThat(read(process.getInputStream())).startsWith("weir ");
    assertEnds(process, 0);
  }

  @Test
  void itSaysWhatIsMissingWhereThereIsNoJava() throws Exception {
    Process process = shell("WEIR_JAVA_HOME=/no/such/jdk \"$weir\" connect");
    assertThat(read(process.getInputStream())).isEmpty();
    assertEnds(process, 1);
    assertThat(stderr()).contains("/no/such/jdk, where there is no Java 21 or newer");
  }

  @Test
  void sigtermEndsAServerWith0AndItsClientsWith1001() throws Exception {
    Process server = start(WEIR, "serve");
    String url = null;
    while (url == null) {
      assertThat(server.waitFor(50, TimeUnit.MILLISECONDS)).as(stderr()).isFalse();
      url =
          stderr()
              .lines()
              .filter(line -> line.startsWith("listening on "))
              .findFirst()
              .map(line -> line.substring("listening on ".length()))
              .orElse(null);
    }
    var builder = new ProcessBuilder(WEIR, "connect", "--json", url).redirectErrorStream(true);
    builder.environment().put("WEIR_BUILD", "never");
    Process client = watched(builder.start());
    BufferedReader events = client.inputReader(StandardCharsets.UTF_8);
    assertThat(events.readLine()).startsWith("{\"event\":\"open\"");
    server.destroy();
    assertEnds(server, 0);
    assertThat(events.readLine())
        .isEqualTo("{\"event\":\"close\",\"code\":1001,\"reason\":\"\",\"clean\":true}");
    assertThat(client.waitFor()).isZero();
  }

  @Test
  void sigtermEndsAClientWith143() throws Exception {
    Process client = start(WEIR, "connect", "--json");
    assertThat(client.inputReader(StandardCharsets.UTF_8).readLine())
        .startsWith("{\"event\":\"open\"");
    client.destroy();
    assertEnds(client, 143);
  }

  @Test
  void aTerminalHasAPromptAndCtrlDClosesIt() throws Exception {
    Process terminal = terminal();
    OutputStream keys = terminal.getOutputStream();
    InputStream screen = terminal.getInputStream();
    await(screen, "connected to ws://");
    await(screen, "> ");
    keys.write("hello\r".getBytes(StandardCharsets.UTF_8));
    keys.flush();
    await(screen, "< hello");
    keys.write(4);
    keys.flush();
    await(screen, "closed: 1000 Normal Closure, clean");
    screen.transferTo(OutputStream.nullOutputStream());
    assertEnds(terminal, 0);
  }

  @Test
  void ctrlCOnATerminalClosesItAndEndsWith130() throws Exception {
    Process terminal = terminal();
    OutputStream keys = terminal.getOutputStream();
    InputStream screen = terminal.getInputStream();
    await(screen, "> ");
    keys.write("x\r".getBytes(StandardCharsets.UTF_8));
    keys.flush();
    await(screen, "< x");
    keys.write(3);
    keys.flush();
    await(screen, "closed: 1000 Normal Closure, clean");
    screen.transferTo(OutputStream.nullOutputStream());
    assertEnds(terminal, 130);
  }

  /** weir connect on a pseudo-terminal, where the machine has a program that makes one. */
  private Process terminal() throws IOException, InterruptedException {
    Process look = start("sh", "-c", "script --version");
    read(look.getInputStream());
    assumeTrue(look.waitFor() == 0, "script of util-linux is not installed");
    var builder =
        new ProcessBuilder(
                "script", "-qec", "stty cols 80 rows 24; exec " + WEIR + " connect", "/dev/null")
            .directory(folder.toFile())
            .redirectError(folder.resolve("stderr").toFile());
    builder.environment().put("WEIR_BUILD", "never");
    builder.environment().put("TERM", "xterm");
    return watched(builder.start());
  }
}
