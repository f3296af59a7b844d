package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.streams.InvalidStateError;
import dev.weir.testkit.Behaviour;
import dev.weir.testkit.InMemoryTransport;
import dev.weir.testkit.ManualEventLoop;
import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketConnection;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.WebSocketStream;
import dev.weir.websocket.opening.OpeningFailure.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a program sees of the servers that {@link Behaviour} offers for its tests. */
class BehavioursTest {
  private final ManualEventLoop loop = new ManualEventLoop();
  private final InMemoryTransport transport = new InMemoryTransport(loop);
  private final WebSocketClient client =
      WebSocketClient.builder()
          .transport(transport)
          .closeTimeout(Duration.ofSeconds(5))
          .keepAlive(Duration.ofSeconds(30), Duration.ofSeconds(5))
          .build();

  private WebSocketStream meet(Behaviour behaviour) {
    transport.behave(behaviour);
    return client.connect("ws://example.com/");
  }

  private WebSocketError error(WebSocketStream stream) {
    return (WebSocketError) loop.runUntilFailed(stream.closed());
  }

  @Test
  void anEchoAnswersMessagesPingsAndClose() {
    WebSocketStream stream = meet(Behaviour.echoes());
    List<String> read = new ArrayList<>();
    loop.run(
        () -> {
          WebSocketConnection connection = stream.awaitOpened();
          connection.send("a");
          connection.send("b");
          for (Message message : connection.readable()) {
            read.add(message.toString());
            if (read.size() == 2) {
              connection.ping().get();
              connection.close(4000, "done");
            }
          }
        });
    assertThat(read).containsExactly("a", "b");
    assertThat(loop.runUntil(stream.closed())).isEqualTo(new WebSocketCloseInfo(4000, "done"));
    loop.assertIdle();
  }

  @Test
  void oneThatSaysSomethingClosesWith1000() {
    WebSocketStream stream = meet(Behaviour.says("a", "b"));
    List<String> read = new ArrayList<>();
    loop.run(() -> stream.awaitOpened().readable().forEach(m -> read.add(m.toString())));
    assertThat(read).containsExactly("a", "b");
    assertThat(loop.runUntil(stream.closed()).closeCode()).isEqualTo(1000);
    loop.assertIdle();
  }

  @ParameterizedTest
  @Rule("C4")
  @CsvSource({"1001", "1008", "1013", "4999"})
  void oneThatClosesIsSeenWithItsCode(int code) {
    WebSocketStream stream = meet(Behaviour.closes(code, "why"));
    assertThat(loop.runUntil(stream.closed())).isEqualTo(new WebSocketCloseInfo(code, "why"));
    loop.assertIdle();
  }

  @Test
  @Rule("C4")
  void oneThatClosesWithoutStatusIsSeenWith1005() {
    WebSocketStream stream = meet(Behaviour.closesWithoutStatus());
    assertThat(loop.runUntil(stream.closed()).closeCode()).isEqualTo(1005);
    loop.assertIdle();
  }

  @Test
  @Rule("C4")
  void oneThatDisconnectsOrResetsIsSeenWith1006() {
    assertThat(error(meet(Behaviour.disconnects())).closeCode()).isEqualTo(1006);
    assertThat(error(meet(Behaviour.resets())).closeCode()).isEqualTo(1006);
    loop.assertIdle();
  }

  @Test
  @Rule("H5")
  void oneThatNeverAnswersCloseIsSeenWith1006AfterTheCloseTimeout() {
    WebSocketStream stream = meet(Behaviour.neverAnswersClose());
    loop.runUntil(stream.opened());
    loop.advance(Duration.ofSeconds(40));
    assertThat(stream.closed()).as("it answers pings").isNotDone();
    stream.close();
    loop.advance(Duration.ofSeconds(5));
    assertThat(error(stream).closeCode()).isEqualTo(1006);
    loop.assertIdle();
  }

  @Test
  @Rule("H7")
  void oneThatStaysSilentIsGivenUp() {
    WebSocketStream stream = meet(Behaviour.staysSilent());
    loop.runUntil(stream.opened());
    loop.advance(Duration.ofSeconds(35));
    assertThat(error(stream).closeCode()).isEqualTo(1006);
    loop.assertIdle();
  }

  @Test
  void oneThatStaysQuietAnswersPingsAndClose() {
    WebSocketStream stream = meet(Behaviour.staysQuiet());
    loop.runUntil(stream.opened());
    loop.advance(Duration.ofHours(1));
    assertThat(stream.closed()).isNotDone();
    stream.close(1000);
    assertThat(loop.runUntil(stream.closed()).closeCode()).isEqualTo(1000);
    loop.assertIdle();
  }

  @Test
  @Rule("S12")
  void oneThatNeverReadsLeavesWritesPending() {
    WebSocketStream stream = meet(Behaviour.neverReads());
    var sent = loop.runUntil(stream.opened()).sendAsync(Message.of(new byte[1 << 20]));
    loop.runPending();
    assertThat(sent).isNotDone();
    stream.abort();
    assertThat(error(stream).closeCode()).isEqualTo(1006);
    assertThat(loop.runUntilFailed(sent)).isInstanceOf(InvalidStateError.class);
    loop.assertIdle();
  }

  @Test
  @Rule("S5")
  void oneThatRefusesFailsOrHangsFailsTheOpening() {
    assertThat(error(meet(Behaviour.refuses(503, "later"))).response().bodyText())
        .isEqualTo("later");
    assertThat(error(meet(Behaviour.fails(Stage.CONNECT))).closeCode()).isEqualTo(1006);
    WebSocketStream hanging = meet(Behaviour.hangs(Stage.TLS));
    loop.runPending();
    loop.advance(Duration.ofSeconds(10));
    assertThat(error(hanging).closeCode()).isEqualTo(1015);
    loop.assertIdle();
  }
}
