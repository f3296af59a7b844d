package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.conformance.Rule;
import dev.weir.protocol.handshake.Headers;
import dev.weir.protocol.handshake.Refusal;
import dev.weir.streams.AbortController;
import dev.weir.streams.AbortError;
import dev.weir.streams.AbortSignal;
import dev.weir.streams.SyntaxError;
import dev.weir.testkit.ScriptedOpening;
import dev.weir.testkit.ScriptedPeer;
import dev.weir.websocket.WebSocketConnection;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.WebSocketStream;
import dev.weir.websocket.WebSocketStreamOptions;
import dev.weir.websocket.opening.HandshakeResponse;
import dev.weir.websocket.opening.OpeningFailure;
import dev.weir.websocket.opening.OpeningFailure.Stage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpeningTest {
  private static final WebSocketStreamOptions DEFAULT = WebSocketStreamOptions.DEFAULT;

  private final Client client = new Client();

  @ParameterizedTest
  @Rule({"S1", "S4"})
  @CsvSource({
    "ws://example.com,         ws://example.com/",
    "WSS://EXAMPLE.com:443/a,  wss://example.com/a",
    "http://example.com/a?b,   ws://example.com/a?b",
    "https://example.com:444/, wss://example.com:444/",
  })
  void serializesItsUrl(String given, String serialized) {
    assertThat(client.client.connect(given).url()).isEqualTo(serialized);
    client.transport.nextOpening().fail(Stage.CONNECT, "over");
    client.loop.assertIdle();
  }

  @ParameterizedTest
  @Rule({"S1", "6455-3-1", "6455-4.1-2"})
  @ValueSource(strings = {"ftp://example.com/", "ws://", "ws://example.com/#fragment", "/chat", ""})
  void refusesOtherUrlsAtOnce(String url) {
    assertThatThrownBy(() -> client.client.connect(url)).isInstanceOf(SyntaxError.class);
    assertNothingAttempted();
  }

  @Test
  @Rule("S1")
  void resolvesAgainstTheBaseUrl() {
    Client based = new Client(builder -> builder.baseUrl("https://example.com/a/b?c"));
    assertThat(based.client.connect("../d").url()).isEqualTo("wss://example.com/d");
    based.transport.nextOpening().fail(Stage.CONNECT, "over");
    based.loop.assertIdle();
  }

  @Test
  @Rule("S2")
  void refusesSubprotocolsThatAreNoTokensOrOccurTwice() {
    for (String[] protocols : new String[][] {{"a b"}, {""}, {"a", "a"}, {"chat", "CHAT"}}) {
      assertThatThrownBy(() -> client.connect(DEFAULT.withProtocols(protocols)))
          .as(List.of(protocols).toString())
          .isInstanceOf(SyntaxError.class);
    }
    assertNothingAttempted();
  }

  @Test
  @Rule({"S2", "S5"})
  void tellsTheSubprotocolThatTheServerSelected() {
    WebSocketStream stream = client.connect(DEFAULT.withProtocols("v2", "v1"));
    ScriptedPeer peer =
        client.transport.nextOpening().accept("v1", List.of(), Headers.of("X-Server", "1"));
    WebSocketConnection connection = client.loop.runUntil(stream.opened());
    assertThat(connection.protocol()).isEqualTo("v1");
    assertThat(connection.extensions()).isEmpty();
    client.new Open(stream, connection, peer).finish();
  }

  @Test
  @Rule("S5")
  void resolvesToStreamsAndEmptyProtocolAndExtensions() {
    Client.Open open = client.open();
    assertThat(open.connection.protocol()).isEmpty();
    assertThat(open.connection.extensions()).isEmpty();
    assertThat(open.connection.readable().locked()).isFalse();
    assertThat(open.connection.writable().locked()).isFalse();
    assertThat(open.connection.readable()).isSameAs(open.connection.readable());
    open.finish();
  }

  @ParameterizedTest
  @Rule("S2")
  @ValueSource(strings = {"", "v3", "V1"})
  void failsWhenTheServerSelectsNoneOrAnotherSubprotocol(String selected) {
    WebSocketStream stream = client.connect(DEFAULT.withProtocols("v2", "v1"));
    ScriptedPeer peer = client.transport.nextOpening().accept(selected, List.of(), Headers.empty());
    assertFailedWith(stream, 1006);
    peer.expectEnd();
    client.loop.assertIdle();
  }

  @Test
  @Rule("S4")
  void hasOnePromiseEach() {
    Client.Open open = client.open();
    assertThat(open.stream.opened()).isSameAs(open.stream.opened());
    assertThat(open.stream.closed()).isSameAs(open.stream.closed());
    assertThat(open.connection.closed()).isSameAs(open.connection.closed());
    open.finish();
  }

  @Test
  @Rule("S4")
  void isNotDisturbedByACallerWhoSettlesThePromises() {
    Client.Open open = client.open();
    open.stream.closed().cancel(true);
    open.connection.closed().completeExceptionally(new IOException("mine"));
    open.peer.sendText("still here");
    assertThat(open.read().toString()).isEqualTo("still here");
    open.connection.close(1000);
    open.peer.expectClose(1000, "").sendClose(1000, "").shutdownOutput();
    client.loop.assertIdle();
  }

  @Test
  @Rule({"S5", "S19"})
  void givesReactionsTheErrorItselfInNoWrapper() {
    WebSocketStream stream = client.connect();
    List<Throwable> seen = new ArrayList<>();
    stream.opened().whenComplete((connection, error) -> seen.add(error));
    stream.closing().whenComplete((info, error) -> seen.add(error));
    stream.closed().whenComplete((info, error) -> seen.add(error));
    client.transport.nextOpening().fail(Stage.CONNECT, "over");
    client.loop.assertIdle();
    assertThat(seen).hasSize(3).containsOnly(client.error(stream.closed()));
    assertThat(seen.get(0)).isInstanceOf(WebSocketError.class);
  }

  @Test
  @Rule("S5")
  void tellsWhatARefusingServerAnswered() {
    WebSocketStream stream = client.connect();
    client
        .transport
        .nextOpening()
        .refuse(new Refusal(429, Headers.of("Retry-After", "7"), "too many"));
    WebSocketError error = assertFailedWith(stream, 1006);
    HandshakeResponse response = error.response();
    assertThat(response.status()).isEqualTo(429);
    assertThat(response.headers().first("Retry-After")).contains("7");
    assertThat(response.bodyText()).isEqualTo("too many");
    assertThat(error.getCause())
        .isInstanceOfSatisfying(
            OpeningFailure.class, failure -> assertThat(failure.stage()).isEqualTo(Stage.REFUSED));
    client.loop.assertIdle();
  }

  @ParameterizedTest
  @Rule({"C5", "S5"})
  @EnumSource(
      value = Stage.class,
      names = {"NAME_RESOLUTION", "CONNECT", "TLS", "HANDSHAKE"})
  void failsWith1006Or1015ForTls(Stage stage) {
    WebSocketStream stream = client.client.connect("wss://example.com/");
    client.transport.nextOpening().fail(stage, "scripted");
    WebSocketError error = assertFailedWith(stream, stage == Stage.TLS ? 1015 : 1006);
    assertThat(error.response()).isNull();
    assertThat(error.getCause()).isInstanceOf(OpeningFailure.class);
    if (stage == Stage.TLS) {
      assertThat(error.getCause()).hasCauseInstanceOf(SSLHandshakeException.class);
    }
    client.loop.assertIdle();
  }

  @ParameterizedTest
  @Rule("K5")
  @CsvSource({"CONNECT, 1, 1006", "TLS, 2, 1015", "HANDSHAKE, 3, 1006"})
  void boundsEachStageInTime(Stage stage, int seconds, int code) {
    Client hasty =
        new Client(
            builder ->
                builder
                    .connectTimeout(Duration.ofSeconds(1))
                    .tlsTimeout(Duration.ofSeconds(2))
                    .handshakeTimeout(Duration.ofSeconds(3)));
    WebSocketStream stream = hasty.connect();
    hasty.transport.nextOpening().hang(stage);
    hasty.loop.advance(Duration.ofSeconds(seconds).minusNanos(1));
    assertThat(stream.opened()).isNotDone();
    hasty.loop.advance(Duration.ofNanos(1));
    WebSocketError error = hasty.error(stream.opened());
    assertThat(error.closeCode()).isEqualTo(code);
    assertThat(((OpeningFailure) error.getCause()).isTimeout()).isTrue();
    hasty.loop.assertIdle();
  }

  @Test
  @Rule("S3")
  void attemptsNothingWhenTheSignalHasAborted() {
    IOException reason = new IOException("no more");
    for (WebSocketStreamOptions options :
        List.of(
            DEFAULT.withSignal(AbortSignal.abort(reason)),
            DEFAULT.withCloseSignal(AbortSignal.abort(reason)))) {
      WebSocketStream stream = client.connect(options);
      assertThat(client.loop.runUntilFailed(stream.opened())).isSameAs(reason);
      assertThat(client.loop.runUntilFailed(stream.closed())).isSameAs(reason);
      assertNothingAttempted();
    }
  }

  @Test
  @Rule("S3")
  void dropsTheHandshakeWhenTheSignalAbortsDuringIt() {
    AbortController controller = new AbortController();
    WebSocketStream stream = client.connect(DEFAULT.withSignal(controller.signal()));
    ScriptedOpening opening = client.transport.nextOpening();
    IOException reason = new IOException("changed my mind");
    controller.abort(reason);
    assertThat(client.loop.runUntilFailed(stream.opened())).isSameAs(reason);
    assertThat(client.loop.runUntilFailed(stream.closed())).isSameAs(reason);
    assertThat(opening.isOver()).isTrue();
    client.loop.assertIdle();
  }

  @Test
  @Rule("S3")
  void rejectsWithAnAbortErrorWhenTheSignalHasNoReasonOfItsOwn() {
    AbortController controller = new AbortController();
    WebSocketStream stream = client.connect(DEFAULT.withSignal(controller.signal()));
    client.loop.runPending();
    controller.abort();
    assertThat(client.loop.runUntilFailed(stream.opened())).isInstanceOf(AbortError.class);
    client.loop.assertIdle();
  }

  @Test
  @Rule("S3")
  void ignoresTheSignalOnceOpened() {
    AbortController controller = new AbortController();
    Client.Open open = client.open(client.connect(DEFAULT.withSignal(controller.signal())));
    controller.abort();
    open.peer.expectNothingMore().sendText("still open");
    assertThat(open.read().toString()).isEqualTo("still open");
    open.finish();
  }

  @Test
  @Rule("S3")
  void closesAnOpenConnectionWhenTheCloseSignalAborts() {
    AbortController controller = new AbortController();
    Client.Open open = client.open(client.connect(DEFAULT.withCloseSignal(controller.signal())));
    controller.abort();
    open.peer.expectClose().sendClose().shutdownOutput();
    assertThat(open.closed().closeCode()).isEqualTo(1005);
    open.assertOver();
  }

  @Test
  @Rule("S17")
  void failsWhenItIsClosedDuringTheHandshake() {
    WebSocketStream stream = client.connect();
    ScriptedOpening opening = client.transport.nextOpening();
    stream.close(1000, "never mind");
    assertFailedWith(stream, 1006);
    assertThat(opening.isOver()).isTrue();
    client.loop.assertIdle();
  }

  @Test
  @Rule("S17")
  void failsWhenItIsClosedWhileTheAnswerIsUnderWay() {
    WebSocketStream stream = client.connect();
    ScriptedPeer peer = client.transport.nextOpening().accept();
    stream.close();
    assertFailedWith(stream, 1006);
    peer.expectEnd().expectNothingMore();
    client.loop.assertIdle();
  }

  @ParameterizedTest
  @Rule("K4")
  @ValueSource(ints = {1, 25, 6000, 6667})
  void refusesBlockedPorts(int port) {
    WebSocketStream stream = client.client.connect("ws://example.com:" + port + "/");
    assertFailedWith(stream, 1006);
    assertNothingAttempted();

    Client allowing = new Client(builder -> builder.allowBlockedPorts());
    allowing.client.connect("ws://example.com:" + port + "/");
    allowing.transport.nextOpening().fail(Stage.CONNECT, "over");
    allowing.loop.assertIdle();
  }

  @Test
  @Rule("K3")
  void sendsUserinfoAsBasicAuthorizationAndTheConfiguredOriginAndHeaders() {
    Client own = new Client(builder -> builder.origin("https://example.org").header("X-Own", "1"));
    own.client.connect("ws://user:pa%20ss@example.com/");
    ScriptedOpening opening = own.transport.nextOpening();
    Headers headers = opening.request().headers();
    assertThat(headers.first("Authorization")).contains("Basic dXNlcjpwYSBzcw==");
    assertThat(headers.first("Origin")).contains("https://example.org");
    assertThat(headers.first("X-Own")).contains("1");
    opening.fail(Stage.CONNECT, "over");
    own.loop.assertIdle();
  }

  @Test
  @Rule("K2")
  void refusesTheHandshakesOwnHeaders() {
    assertThatThrownBy(() -> new Client(builder -> builder.header("Sec-WebSocket-Key", "x")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @Rule("S6")
  void handsNoUnseenRejectionToAnybody() {
    List<Throwable> uncaught = new ArrayList<>();
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> uncaught.add(thrown));
    try (LogRecords records = LogRecords.record()) {
      client.connect();
      client.transport.nextOpening().fail(Stage.CONNECT, "nobody looks");
      client.open().peer.reset();
      client.loop.assertIdle();
      assertThat(records.all()).isEmpty();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
    assertThat(uncaught).isEmpty();
  }

  private WebSocketError assertFailedWith(WebSocketStream stream, int code) {
    WebSocketError opened = client.error(stream.opened());
    WebSocketError closed = client.error(stream.closed());
    assertThat(opened.closeCode()).isEqualTo(code);
    assertThat(closed).isSameAs(opened);
    assertThat(client.error(stream.closing())).isSameAs(opened);
    return opened;
  }

  private void assertNothingAttempted() {
    client.loop.assertIdle();
    assertThat(client.transport.waitingOpenings()).isZero();
    assertThat(client.transport.links()).isEmpty();
  }
}
