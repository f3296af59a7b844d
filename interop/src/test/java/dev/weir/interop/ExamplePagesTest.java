package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.websocket.Message;
import dev.weir.websocket.ServerConnection;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketHandler;
import dev.weir.websocket.WebSocketServer;
import dev.weir.websocket.opening.TlsOptions;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The examples of the platform's documentation, unchanged, as {@code weir run} runs them and as
 * Chromium does, against servers on the ports that they name: both show the same.
 */
@Requires({Part.CHROMIUM, Part.LOW_PORTS})
@ExtendWith(Leftovers.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ExamplePagesTest {
  private static final Path FOLDER = Path.of("src/test/resources/pages").toAbsolutePath();

  private final BlockingQueue<ServerConnection> served = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> loaded = new LinkedBlockingQueue<>();
  private volatile WebSocketHandler handler = this::awaitClose;
  private Browser browser;
  private List<WebSocketServer> servers;

  // Runs beside the other tests: its timer takes 10 s.
  private WeirCommand slowCommand;
  private BrowserPage slowPage;
  private List<ServerConnection> slow;

  @BeforeAll
  void start() throws Exception {
    browser = new Browser();
    servers =
        List.of(
            WebSocketServer.builder().port(80).route("/", this::serve).start(),
            WebSocketServer.builder()
                .port(443)
                .tls(TlsOptions.selfSigned())
                .route("/", this::serve)
                .start());
    slowCommand = command("close-method.js");
    slowPage = page("close-method.js");
    slow = List.of(Weir.next(served), Weir.next(served));
  }

  @AfterAll
  void stop() {
    slowCommand.close();
    servers.forEach(WebSocketServer::close);
    browser.close();
  }

  private void serve(ServerConnection connection) throws Exception {
    served.add(connection);
    handler.handle(connection);
  }

  private void awaitClose(ServerConnection connection) throws Exception {
    for (Message message : connection.readable()) {
      throw new IllegalStateException("expected no message but was " + message);
    }
  }

  private static WeirCommand command(String... files) {
    return new WeirCommand(
        Stream.concat(
                Stream.of("run", "-k"),
                Arrays.stream(files).map(file -> FOLDER.resolve(file).toString()))
            .toArray(String[]::new));
  }

  private BrowserPage page(String... files) throws Exception {
    return browser.open(Arrays.stream(files).map(FOLDER::resolve).toList());
  }

  /** What an engine has shown: lines of {@code console.log}, and of errors. */
  private record Shown(List<String> lines, List<String> errors) {}

  private Shown run(int exitStatus, String... files) throws Exception {
    try (WeirCommand command = command(files)) {
      List<String> lines = command.converse("").lines().toList();
      List<String> errors = command.errors().lines().toList();
      assertThat(command.awaitExit()).as("exit status; %s", errors).isEqualTo(exitStatus);
      return new Shown(lines, errors);
    }
  }

  @Test
  @Order(1)
  void theLoopOfPings() throws Exception {
    handler =
        connection -> {
          for (Message message : connection.readable()) {
            connection.send(((Message.Text) message).text().replace("ping", "pong"));
            connection.close(1000, "enough");
          }
        };
    List<String> expected =
        List.of(
            "ws://127.0.0.1/",
            "<p>CONNECTED</p>",
            "<p>SENT: ping</p>",
            "<p>RECEIVED: pong</p>",
            "<p>RECEIVED: undefined</p>",
            "<p>DISCONNECTED: code 1000, message \"enough\"</p>");

    // The timer's write comes after the end, and nobody catches that.
    try (BrowserPage page = page("prelude-output.js", "closed.js")) {
      Shown shown = run(1, "prelude-output.js", "closed.js");
      assertThat(shown.lines()).isEqualTo(expected);
      assertThat(shown.errors().get(0)).isEqualTo("Socket closed 1000 enough");
      assertThat(shown.errors().get(1)).contains("InvalidStateError");

      page.await(() -> page.errors().size() == 2);
      assertThat(page.lines()).isEqualTo(expected);
      assertThat(page.errors().get(0)).isEqualTo("Socket closed 1000 enough");
      assertThat(page.errors().get(1)).contains("InvalidStateError");
    }
  }

  @Test
  @Order(2)
  void theClosedProperty() throws Exception {
    handler = connection -> connection.close(4000, "grüße");
    List<String> expected =
        List.of("<p>DISCONNECTED: code 4000, message \"grüße\"</p>", "Socket closed 4000 grüße");

    Shown shown = run(0, "prelude-write-to-screen.js", "closed-de.js");
    assertThat(shown.lines()).isEqualTo(expected);
    assertThat(shown.errors()).isEmpty();
    try (BrowserPage page = page("prelude-write-to-screen.js", "closed-de.js")) {
      page.await(() -> page.lines().size() == 2);
      assertThat(page.lines()).isEqualTo(expected);
    }
  }

  @Test
  @Order(3)
  void theCloseEvent() throws Exception {
    handler =
        connection -> {
          assertThat(Weir.next(loaded)).isEqualTo("listener");
          connection.close(1000, "");
        };
    List<String> expected = List.of("The connection has been closed successfully.");

    for (String file : List.of("close-event-listener.js", "close-event-handler.js")) {
      // The command runs all its scripts before anything can come; a page loads one by one.
      loaded.add("listener");
      Shown shown = run(0, "prelude-example-socket.js", file);
      assertThat(shown.lines()).isEqualTo(expected);
      assertThat(shown.errors()).isEmpty();
      try (BrowserPage page = page("prelude-example-socket.js", file)) {
        loaded.add("listener");
        page.await(() -> !page.lines().isEmpty());
        assertThat(page.lines()).isEqualTo(expected);
      }
    }
  }

  /** The page sets a property of the interface object, which does nothing. */
  @Test
  @Order(4)
  void theCodeOfACloseEvent() throws Exception {
    handler = connection -> connection.close(1000, "");

    Shown shown = run(0, "prelude-example-socket.js", "close-event-code.js");
    assertThat(shown.lines()).isEmpty();
    assertThat(shown.errors()).isEmpty();
    try (BrowserPage page = page("prelude-example-socket.js", "close-event-code.js")) {
      page.await(() -> page.evaluate("exampleSocket.readyState").equals(3));
      assertThat(page.lines()).isEmpty();
    }
  }

  @Test
  @Order(5)
  void theCloseMethod() throws Exception {
    assertThat(slowCommand.converse("")).isEmpty();
    assertThat(slowCommand.errors()).isEmpty();
    assertThat(slowCommand.awaitExit()).isZero();
    for (ServerConnection connection : slow) {
      assertThat(Weir.get(connection.closed()))
          .isEqualTo(new WebSocketCloseInfo(1000, "That's all folks"));
    }
    assertThat(slowPage.lines()).isEmpty();
    assertThat(slowPage.errors()).isEmpty();
  }
}
