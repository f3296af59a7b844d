package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.protocol.handshake.Headers;
import dev.weir.protocol.handshake.Refusal;
import dev.weir.testkit.ScriptedOpening;
import dev.weir.testkit.ScriptedPeer;
import dev.weir.websocket.WebSocketConnection;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.WebSocketStream;
import dev.weir.websocket.opening.OpeningFailure;
import dev.weir.websocket.opening.OpeningFailure.Stage;
import java.io.IOException;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CookiesTest {
  private static final Map<String, List<String>> NONE = Map.of();

  /** What a handler was asked and given; it answers with what the test says. */
  private static final class Recording extends CookieHandler {
    final List<URI> asked = Collections.synchronizedList(new ArrayList<>());
    final List<Map<String, List<String>>> requests =
        Collections.synchronizedList(new ArrayList<>());
    final List<String> kept = Collections.synchronizedList(new ArrayList<>());
    Map<String, List<String>> cookies = NONE;

    @Override
    public Map<String, List<String>> get(URI uri, Map<String, List<String>> request) {
      asked.add(uri);
      requests.add(request);
      return cookies;
    }

    @Override
    public void put(URI uri, Map<String, List<String>> response) {
      // The map is to be read by any case of the name.
      kept.add(uri + " " + response.get("set-cookie") + " " + response.get("SET-COOKIE2"));
    }
  }

  private final Recording handler = new Recording();
  private final Client client = new Client(builder -> builder.cookieHandler(handler));

  @Test
  @Rule("K2")
  void sendsTheHandlersCookiesInOneField() {
    handler.cookies =
        Map.of("cookie", List.of("a=1; b=2", "", "c=3"), "Cookie2", List.of("$Version=1"));
    assertThat(cookiesSentBy(client, "ws://example.com:81/chat?x"))
        .containsExactly("a=1; b=2; c=3");
    assertThat(handler.asked).containsExactly(URI.create("http://example.com:81/chat?x"));
  }

  @Test
  @Rule("K2")
  void sendsNoCookieFieldWithoutCookies() {
    assertThat(cookiesSentBy(client, Client.URL)).isEmpty();
  }

  @Test
  @Rule("K2")
  void sendsTheClientsOwnCookiesBeforeTheHandlers() {
    handler.cookies = Map.of("Cookie", List.of("c=3"));
    Client own =
        new Client(
            builder ->
                builder.cookieHandler(handler).header("Cookie", "a=1").header("cookie", "b=2"));
    assertThat(cookiesSentBy(own, Client.URL)).containsExactly("a=1; b=2; c=3");
  }

  @Test
  void sendsSeveralCookieHeadersOfTheClientInOneField() {
    Client own = new Client(builder -> builder.header("Cookie", "a=1").header("Cookie", "b=2"));
    assertThat(cookiesSentBy(own, Client.URL)).containsExactly("a=1; b=2");
  }

  @Test
  @Rule("K2")
  void asksForTheHttpUrlWithoutUserinfoAndTellsNoPassword() {
    Client own =
        new Client(
            builder -> builder.cookieHandler(handler).origin("https://a").header("X-Own", "1"));
    assertThat(cookiesSentBy(own, "wss://user:secret@example.com/a")).isEmpty();
    assertThat(handler.asked).containsExactly(URI.create("https://example.com/a"));
    Map<String, List<String>> request = handler.requests.get(0);
    assertThat(request.toString()).doesNotContain("secret").doesNotContain("Basic");
    assertThat(request)
        .containsEntry("host", List.of("example.com"))
        .containsEntry("origin", List.of("https://a"))
        .containsEntry("x-own", List.of("1"));
  }

  @Test
  @Rule("K2")
  void handsTheCookiesOfTheAnswerToTheHandlerBeforeItIsOpen() {
    WebSocketStream stream = client.client.connect("wss://example.com/chat");
    ScriptedPeer peer =
        client
            .transport
            .nextOpening()
            .accept(
                "",
                List.of(),
                Headers.of("Set-Cookie", "a=1; Path=/", "Set-cookie", "b=2", "Set-Cookie2", "c=3"));
    List<String> keptWhenOpened = new ArrayList<>();
    stream.opened().thenRun(() -> keptWhenOpened.addAll(handler.kept));
    WebSocketConnection connection = client.loop.runUntil(stream.opened());
    client.loop.runPending();
    assertThat(keptWhenOpened).containsExactly("https://example.com/chat [a=1; Path=/, b=2] [c=3]");
    peer.sendText("and it works");
    Client.Open open = client.new Open(stream, connection, peer);
    assertThat(open.read().toString()).isEqualTo("and it works");
    open.finish();
  }

  @Test
  @Rule("K2")
  void handsTheCookiesOfARefusalToTheHandler() {
    WebSocketStream stream = client.connect();
    client
        .transport
        .nextOpening()
        .refuse(new Refusal(401, Headers.of("Set-Cookie", "a=1"), "who?"));
    WebSocketError error = client.error(stream.opened());
    assertThat(error.response().status()).isEqualTo(401);
    assertThat(handler.kept).containsExactly("http://example.com/chat [a=1] null");
    client.loop.assertIdle();
  }

  @Test
  void doesNotBotherTheHandlerWithAnswersThatSetNone() {
    client.open().finish();
    assertThat(handler.kept).isEmpty();
  }

  @Test
  @Rule("K2")
  void asksAnewForEachRedirectAndKeepsWhatThatSets() {
    handler.cookies = Map.of("Cookie", List.of("theirs=1"));
    Client following =
        new Client(
            builder -> builder.cookieHandler(handler).header("Cookie", "own=1").maxRedirects(2));
    WebSocketStream stream = following.client.connect("ws://example.com/a");
    following
        .transport
        .nextOpening()
        .refuse(
            new Refusal(
                302, Headers.of("Location", "wss://other.example/b", "Set-Cookie", "hop=1"), ""));
    ScriptedOpening second = following.transport.nextOpening();
    // The client's own cookies were meant for the first origin alone.
    assertThat(second.request().headers().all("Cookie")).containsExactly("theirs=1");
    assertThat(handler.asked)
        .containsExactly(URI.create("http://example.com/a"), URI.create("https://other.example/b"));
    assertThat(handler.kept).containsExactly("http://example.com/a [hop=1] null");
    ScriptedPeer peer = second.accept();
    WebSocketConnection connection = following.loop.runUntil(stream.opened());
    assertThat(stream.url()).isEqualTo("ws://example.com/a");
    following.new Open(stream, connection, peer).finish();
  }

  @Test
  @Rule("K2")
  void bringsBackWithACookieManagerWhatTheServerSet() {
    CookieManager manager = new CookieManager();
    Client real = new Client(builder -> builder.cookieHandler(manager));
    WebSocketStream stream = real.client.connect("wss://example.com/chat/room");
    ScriptedPeer peer =
        real.transport
            .nextOpening()
            .accept(
                "",
                List.of(),
                Headers.of(
                    "Set-Cookie", "id=7; Path=/chat; Secure; HttpOnly",
                    "Set-Cookie", "plain=1; Path=/",
                    "Set-Cookie", "elsewhere=1; Path=/admin",
                    "Set-Cookie", "foreign=1; Domain=other.example"));
    WebSocketConnection connection = real.loop.runUntil(stream.opened());
    real.new Open(stream, connection, peer).finish();

    assertThat(cookiesSentBy(real, "wss://example.com/chat/next")).containsExactly("id=7; plain=1");
    // Secure cookies go over wss alone.
    assertThat(cookiesSentBy(real, "ws://example.com/chat/next")).containsExactly("plain=1");
    assertThat(cookiesSentBy(real, "wss://example.org/chat/next")).isEmpty();
  }

  @Test
  @Rule("K5")
  void failsWithTheHandlersExceptionAndAttemptsNothing() {
    IOException broken = new IOException("the jar is broken");
    Client failing = new Client(builder -> builder.cookieHandler(throwing(broken, null)));
    WebSocketStream stream = failing.connect();
    WebSocketError error = failing.error(stream.closed());
    assertThat(error)
        .hasMessage("the connection could not be opened: the cookie handler failed")
        .hasRootCause(broken);
    assertThat(((OpeningFailure) error.getCause()).stage()).isEqualTo(Stage.COOKIES);
    assertThat(failing.error(stream.opened())).isSameAs(error);
    assertThat(failing.transport.waitingOpenings()).isZero();
    failing.loop.assertIdle();
  }

  @Test
  void failsWhenTheHandlerGivesWhatNoHeaderMayHold() {
    handler.cookies = Map.of("Cookie", List.of("a=secret\r\nX-Injected: 1"));
    WebSocketError error = client.error(client.connect().opened());
    assertThat(error.getCause()).hasMessage("the cookie handler failed");
    assertThat(error.getCause().getCause()).hasMessageContaining("U+000D");
    assertThat(error.getCause().getCause().getMessage()).doesNotContain("secret");
    assertThat(client.transport.waitingOpenings()).isZero();
    client.loop.assertIdle();
  }

  @Test
  void failsWhenTheHandlerDoesNotTakeTheCookiesOfTheAnswer() {
    IllegalStateException full = new IllegalStateException("the jar is full");
    Client failing = new Client(builder -> builder.cookieHandler(throwing(null, full)));
    WebSocketStream stream = failing.connect();
    ScriptedPeer peer =
        failing.transport.nextOpening().accept("", List.of(), Headers.of("Set-Cookie", "a=1"));
    WebSocketError error = failing.error(stream.opened());
    assertThat(error).hasRootCause(full);
    assertThat(error.response().status()).isEqualTo(101);
    peer.expectEnd();
    failing.loop.assertIdle();
  }

  @ParameterizedTest
  @Rule("K5")
  @ValueSource(strings = {"get", "put"})
  void givesUpAHandlerThatDoesNotReturn(String hanging) throws InterruptedException {
    Hanging hangs = new Hanging(hanging);
    Client hasty =
        new Client(builder -> builder.cookieHandler(hangs).handshakeTimeout(Duration.ofMillis(20)));
    WebSocketStream stream = hasty.connect();
    ScriptedPeer peer = null;
    if (hanging.equals("put")) {
      peer = hasty.transport.nextOpening().accept("", List.of(), Headers.of("Set-Cookie", "a=1"));
    }
    WebSocketError error = hasty.error(stream.opened());
    assertThat(error.getCause()).hasMessage("the cookie handler did not return within 20 ms");
    assertThat(((OpeningFailure) error.getCause()).isTimeout()).isTrue();
    assertThat(hangs.interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    if (peer != null) {
      peer.expectEnd();
    }
    hasty.loop.assertIdle();
  }

  @ParameterizedTest
  @Rule("S17")
  @ValueSource(strings = {"get", "put"})
  void isClosedAtOnceWhileTheHandlerIsStillAsked(String hanging) throws InterruptedException {
    Hanging hangs = new Hanging(hanging);
    Client waiting = new Client(builder -> builder.cookieHandler(hangs));
    WebSocketStream stream = waiting.connect();
    ScriptedPeer peer = null;
    if (hanging.equals("put")) {
      peer = waiting.transport.nextOpening().accept("", List.of(), Headers.of("Set-Cookie", "a=1"));
      waiting.loop.runPending();
    }
    assertThat(hangs.called.await(10, TimeUnit.SECONDS)).isTrue();
    stream.close();
    WebSocketError error = waiting.error(stream.opened());
    assertThat(error).hasMessage("close() was called before the connection was open");
    assertThat(hangs.interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    if (peer != null) {
      peer.expectEnd();
    }
    assertThat(waiting.transport.waitingOpenings()).isZero();
    waiting.loop.assertIdle();
  }

  @Test
  @Rule("K3")
  void givesRequestAndErrorsNoTextWithUserinfoOrCookies() {
    handler.cookies = Map.of("Cookie", List.of("id=hush"));
    WebSocketStream stream = client.client.connect("ws://user:hush@example.com/");
    ScriptedOpening opening = client.transport.nextOpening();
    assertThat(opening.request().headers().all("Authorization")).hasSize(1);
    assertThat(opening.request().toString() + opening)
        .doesNotContain("hush")
        .doesNotContain("Basic");
    // The platform's url keeps it (S4).
    assertThat(stream.url()).isEqualTo("ws://user:hush@example.com/");
    opening.fail(Stage.CONNECT, "over");
    WebSocketError error = client.error(stream.opened());
    assertThat(error.toString() + error.getCause()).doesNotContain("hush");
    client.loop.assertIdle();
  }

  private static List<String> cookiesSentBy(Client client, String url) {
    WebSocketStream stream = client.client.connect(url);
    ScriptedOpening opening = client.transport.nextOpening();
    opening.fail(Stage.CONNECT, "over");
    client.error(stream.opened());
    client.loop.assertIdle();
    return opening.request().headers().all("Cookie");
  }

  private static CookieHandler throwing(IOException fromGet, RuntimeException fromPut) {
    return new CookieHandler() {
      @Override
      public Map<String, List<String>> get(URI uri, Map<String, List<String>> request)
          throws IOException {
        if (fromGet != null) {
          throw fromGet;
        }
        return NONE;
      }

      @Override
      public void put(URI uri, Map<String, List<String>> response) {
        if (fromPut != null) {
          throw fromPut;
        }
      }
    };
  }

  /** Never returns from one of its methods, unless interrupted. */
  private static final class Hanging extends CookieHandler {
    final CountDownLatch called = new CountDownLatch(1);
    final CountDownLatch interrupted = new CountDownLatch(1);
    private final String method;

    Hanging(String method) {
      this.method = method;
    }

    private void hang(String where) {
      if (where.equals(method)) {
        called.countDown();
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          interrupted.countDown();
        }
      }
    }

    @Override
    public Map<String, List<String>> get(URI uri, Map<String, List<String>> request) {
      hang("get");
      return NONE;
    }

    @Override
    public void put(URI uri, Map<String, List<String>> response) {
      hang("put");
    }
  }
}
