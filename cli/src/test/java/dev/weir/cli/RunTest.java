package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.websocket.Message;
import dev.weir.websocket.Route;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketServer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunTest {
  @TempDir private Path folder;

  private String file(String name, String script) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, script).toString();
  }

  private static WebSocketServer echo() throws IOException {
    return WebSocketServer.builder().route(EchoServer.route()).start();
  }

  /** A server whose one connection's end is to be looked at. */
  private static WebSocketServer watching(CompletableFuture<WebSocketCloseInfo> closed)
      throws IOException {
    return WebSocketServer.builder()
        .route(
            Route.async(
                "/",
                connection -> {
                  var unused = connection.closed().thenAccept(closed::complete);
                  return connection.closed();
                }))
        .start();
  }

  @Test
  void runsScriptsInOrderInOneContextUntilNothingIsPending() throws IOException {
    String first =
        file(
            "1.js",
            """
            var shared = 'from 1';
            setTimeout(() => console.log('timer of 1'), 20);
            """);
    String second = file("2.js", "console.log('2 has ' + shared); console.error('and says'); ");
    Command run = Command.run("", "run", first, second);
    run.assertStatus(ExitCode.CLEAN);
    assertThat(run.out()).isEqualTo("2 has from 1\ntimer of 1\n");
    assertThat(run.err()).isEqualTo("and says\n");
  }

  @Test
  void waitsForConnectionsAndLetsThemTalk() throws IOException {
    try (WebSocketServer server = echo()) {
      String script =
          file(
              "echo.js",
              """
              const socket = new WebSocket('%s');
              socket.onopen = () => socket.send('hello');
              socket.onmessage = event => { console.log(event.data); socket.close(4000, 'enough'); };
              socket.onclose = event =>
                console.log(event.code, event.reason, event.wasClean);
              """
                  .formatted(server.url("/")));
      Command run = Command.run("", "run", script);
      run.assertStatus(ExitCode.CLEAN);
      assertThat(run.out()).isEqualTo("hello\n4000 enough true\n");
    }
  }

  @ParameterizedTest
  @CsvSource({"true, open", "false, error"})
  void trustsAnyoneOnlyWhenTold(boolean insecure, String event) throws IOException {
    try (Command serve = Command.start("serve", "--self-signed")) {
      String url = serve.awaitErr("listening on (wss://\\S+)");
      String script =
          file(
              "tls.js",
              """
              const socket = new WebSocket('%s');
              socket.onerror = () => console.log('error');
              socket.onopen = () => { console.log('open'); socket.close(); };
              """
                  .formatted(url));
      Command run =
          insecure ? Command.run("", "run", "-k", script) : Command.run("", "run", script);
      run.assertStatus(ExitCode.CLEAN);
      assertThat(run.out()).isEqualTo(event + "\n");
    }
  }

  @Test
  void standsWhereItsBaseUrlIs() throws IOException {
    try (WebSocketServer server =
        WebSocketServer.builder()
            .route(
                "/rooms/{room}",
                connection ->
                    connection.send(
                        connection.request().path()
                            + " "
                            + connection.request().origin().orElse("none")))
            .start()) {
      String base = server.url("/rooms/start.html").replace("ws:", "http:");
      String script =
          file(
              "base.js",
              """
              new WebSocket('one').onmessage = event => console.log(event.data);
              """);
      Command run = Command.run("", "run", "--base-url", base, script);
      run.assertStatus(ExitCode.CLEAN);
      assertThat(run.out()).isEqualTo("/rooms/one http://127.0.0.1:" + server.port() + "\n");
    }
  }

  @Test
  void runsModulesThatImportOthersAndAwait() throws IOException {
    file("lib/name.mjs", "export const name = 'imported';");
    String byName = file("a.mjs", "import {name} from './lib/name.mjs'; console.log(await name);");
    String byOption = file("b.js", "import {name} from './lib/name.mjs'; console.log(await name);");
    Command run = Command.run("", "run", byName);
    run.assertStatus(ExitCode.CLEAN);
    assertThat(run.out()).isEqualTo("imported\n");
    run = Command.run("", "run", "--module", byOption);
    run.assertStatus(ExitCode.CLEAN);
    assertThat(run.out()).isEqualTo("imported\n");
    run = Command.run("", "run", byOption);
    run.assertStatus(ExitCode.FAILED);
    assertThat(run.err()).contains("SyntaxError", "b.js:1:");
  }

  @Test
  void runsStandardInput() {
    Command run = Command.run("console.log(1 + 1)", "run", "-");
    run.assertStatus(ExitCode.CLEAN);
    assertThat(run.out()).isEqualTo("2\n");
    run = Command.run("console.log(await 3)", "run", "--module", "-");
    run.assertStatus(ExitCode.CLEAN);
    assertThat(run.out()).isEqualTo("3\n");
    run = Command.run("\n  let a b;", "run", "-");
    run.assertStatus(ExitCode.FAILED);
    assertThat(run.err()).contains("SyntaxError", "stdin:2:");
  }

  @Test
  void endsWithAnErrorThatNoScriptCatches() throws IOException {
    String script =
        file(
            "error.js",
            """
            setInterval(() => {}, 1000);
            function inner() { null.x; }
            setTimeout(() => { console.log('before'); inner(); }, 1);
            """);
    String next = file("next.js", "setTimeout(() => console.log('never'), 60000)");
    Command run = Command.run("", "run", script, next);
    run.assertStatus(ExitCode.FAILED);
    assertThat(run.out()).isEqualTo("before\n");
    assertThat(run.err())
        .startsWith("Uncaught TypeError: ")
        .contains("at inner (" + script + ":2:");
  }

  @Test
  void endsWithARejectionThatNoneHandles() throws IOException {
    String script =
        file("rejection.js", "Promise.reject(new RangeError('far')); setInterval(() => {}, 1000);");
    Command run = Command.run("", "run", script);
    run.assertStatus(ExitCode.FAILED);
    assertThat(run.err())
        .startsWith("Uncaught (in promise) RangeError: far")
        .contains("at " + script + ":1:");
  }

  @Test
  void saysWhereAScriptIsNoScript() throws IOException {
    String script = file("wrong.js", "let a = 1;\nlet b c;\n");
    Command run = Command.run("", "run", script);
    run.assertStatus(ExitCode.FAILED);
    assertThat(run.err()).contains("SyntaxError", script + ":2:");
  }

  @Test
  void runsNothingWhereAFileIsMissingOrIsNoText() throws IOException {
    String first = file("first.js", "console.log('ran')");
    Files.write(folder.resolve("bytes.js"), new byte[] {(byte) 0xff, (byte) 0xfe});
    for (String[] each :
        new String[][] {
          {folder.resolve("none.js").toString(), "there is no file "},
          {folder.toString(), " is a folder"},
          {folder.resolve("bytes.js").toString(), " is not UTF-8"},
        }) {
      Command run = Command.run("", "run", first, each[0]);
      run.assertStatus(ExitCode.LOCAL);
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).startsWith("weir: ").contains(each[0], each[1]);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "run",
    "run --base-url relative/path x.js",
    "run --base-url http://ho^st/ x.js",
    "run --timeout 0 x.js",
    "run --nothing x.js"
  })
  void refusesAWrongCommandLine(String line) {
    Command run = Command.run("", line.split(" "));
    run.assertStatus(ExitCode.USAGE);
    assertThat(run.err()).contains("Try 'weir run --help'.");
  }

  @ParameterizedTest
  @CsvSource({"'setInterval(() => {}, 1000)'", "'for (;;);'"})
  void endsWhenItsTimeIsOver(String script) throws IOException {
    Command run = Command.run("", "run", "--timeout", "0.5", file("long.js", script));
    run.assertStatus(ExitCode.OUT_OF_TIME);
    assertThat(run.err()).isEqualTo("weir: the scripts had not ended after 0.5 s\n");
  }

  @Test
  void closesItsConnectionsWith1001WhenInterrupted() throws Exception {
    var closed = new CompletableFuture<WebSocketCloseInfo>();
    try (WebSocketServer server = watching(closed)) {
      String script =
          file(
              "open.js",
              "new WebSocket('%s').onopen = () => console.log('open')".formatted(server.url("/")));
      try (Command run = Command.start("run", script)) {
        run.awaitOut("open");
        run.interrupts.raise(ExitCode.INTERRUPTED);
        run.assertStatus(ExitCode.INTERRUPTED);
        assertThat(closed.get(20, TimeUnit.SECONDS)).isEqualTo(new WebSocketCloseInfo(1001, ""));
        assertThat(run.err()).isEmpty();
      }
    }
  }

  /** A pipe that is full and that nobody reads: nothing ends a write to it. */
  private static final class FullPipe extends OutputStream {
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch released = new CountDownLatch(1);

    @Override
    public void write(int b) {
      entered.countDown();
      boolean interrupted = false;
      while (true) {
        try {
          released.await();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void endsAScriptThatIsStuckInItsOutput() throws Exception {
    var pipe = new FullPipe();
    String script = file("stuck.js", "console.log('nobody reads this')");
    try {
      Command late = new Command.Setting().out(pipe).start("run", "--timeout", "0.5", script);
      late.assertStatus(ExitCode.OUT_OF_TIME);
      assertThat(late.err()).isEqualTo("weir: the scripts had not ended after 0.5 s\n");
      assertThat(pipe.entered.getCount()).isZero();

      Command interrupted = new Command.Setting().out(pipe).start("run", script);
      assertThat(pipe.entered.await(20, TimeUnit.SECONDS)).isTrue();
      interrupted.interrupts.raise(ExitCode.INTERRUPTED);
      interrupted.assertStatus(ExitCode.INTERRUPTED);
      assertThat(interrupted.hardEnds()).isEmpty();
    } finally {
      pipe.released.countDown();
    }
  }

  @Test
  void saysThatAModuleAwaitsWhatNothingCanSettle() throws IOException {
    String module = file("hang.mjs", "console.log('in'); await new Promise(() => {});");
    Command run = Command.run("", "run", module);
    run.assertStatus(ExitCode.UNSETTLED);
    assertThat(run.out()).isEqualTo("in\n");
    assertThat(run.err())
        .isEqualTo("weir: a module ended at an await that nothing can settle any more\n");
    String closes = file("closes.mjs", "setTimeout(close, 1); await new Promise(() => {});");
    Command.run("", "run", closes).assertStatus(ExitCode.CLEAN);
    String later = file("later.mjs", "await new Promise(done => setTimeout(done, 1));");
    Command.run("", "run", later).assertStatus(ExitCode.CLEAN);
  }

  @Test
  void saysInItsHelpWhatItsStatusesMean() {
    Command help = Command.run("", "run", "--help");
    assertThat(help.out())
        .contains("an error that no script caught")
        .doesNotContain("nothing to run it with");
  }

  @Test
  void endsWhileItsScriptIsStillBeingRead() {
    Command late = Command.start("run", "--timeout", "0.2", "-");
    late.assertStatus(ExitCode.OUT_OF_TIME);
    late.endInput();
    Command interrupted = Command.start("run", "-");
    interrupted.type("console.log('half a scr");
    interrupted.interrupts.raise(ExitCode.INTERRUPTED);
    interrupted.assertStatus(ExitCode.INTERRUPTED);
    interrupted.endInput();
    assertThat(interrupted.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"throw new Error('mine')", "Promise.reject(new Error('mine'))"})
  void runsNoTaskAfterTheOneThatFails(String failing) throws IOException {
    String script =
        file(
            "fails.js",
            """
            setInterval(() => console.log('later'), 0);
            setTimeout(() => console.log('later'), 0);
            console.log('first');
            %s;
            """
                .formatted(failing));
    String next = file("next.js", "console.log('next')");
    Command run = Command.run("", "run", script, next);
    run.assertStatus(ExitCode.FAILED);
    assertThat(run.out()).isEqualTo("first\n");
  }

  @Test
  void endsAScriptThatNeverReturnsWhenInterrupted() throws IOException {
    try (Command run = Command.start("run", file("loop.js", "console.log('in'); for (;;);"))) {
      run.awaitOut("in");
      run.interrupts.raise(ExitCode.TERMINATED);
      run.assertStatus(ExitCode.TERMINATED);
    }
  }

  @Test
  void closesItsConnectionsWith1001WhenAScriptFails() throws Exception {
    var closed = new CompletableFuture<WebSocketCloseInfo>();
    try (WebSocketServer server = watching(closed)) {
      String script =
          file(
              "fails.js",
              "new WebSocket('%s').onopen = () => { throw new Error('mine'); }"
                  .formatted(server.url("/")));
      Command run = Command.run("", "run", script);
      run.assertStatus(ExitCode.FAILED);
      assertThat(closed.get(20, TimeUnit.SECONDS)).isEqualTo(new WebSocketCloseInfo(1001, ""));
      assertThat(run.err()).startsWith("Uncaught Error: mine");
    }
  }

  @Test
  void endsWhenNobodyReadsItsOutput() throws IOException {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    Command run =
        new Command.Setting()
            .out(broken)
            .run("", "run", file("talks.js", "setInterval(() => console.log('x'), 1)"));
    run.assertStatus(ExitCode.LOCAL);
    assertThat(run.err()).isEqualTo("weir: the output failed: Broken pipe\n");
  }

  @Test
  void showsHandshakesAndFramesWhenAsked() throws IOException {
    try (WebSocketServer server =
        WebSocketServer.builder()
            .route(
                "/",
                connection -> {
                  for (Message message : connection.readable()) {
                    connection.send(message);
                  }
                })
            .start()) {
      String script =
          file(
              "echo.js",
              """
              const socket = new WebSocket('%s');
              socket.onopen = () => socket.send('hello');
              socket.onmessage = () => socket.close();
              """
                  .formatted(server.url("/")));
      Command run = Command.run("", "run", "-v", script);
      run.assertStatus(ExitCode.CLEAN);
      assertThat(run.err()).contains("> GET / HTTP/1.1", "TEXT fin masked 5 bytes: \"hello\"");
    }
  }
}
