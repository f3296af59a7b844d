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
import dev.weir.websocket.WebSocketStreamOptions;
import dev.weir.websocket.opening.OpeningFailure;
import dev.weir.websocket.opening.OpeningFailure.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectsTest {
  private static final String OWN = "Basic b3duOm93bg==";
  private final Client client =
      new Client(builder -> builder.maxRedirects(2).header("X-Kept", "yes"));

  @Test
  @Rule("K1")
  void followsNoneUnlessAllowed() {
    Client standard = new Client();
    WebSocketStream stream = standard.connect();
    redirect(standard.transport.nextOpening(), 302, "/elsewhere");
    assertThat(standard.error(stream.opened()).response().status()).isEqualTo(302);
    standard.loop.assertIdle();
  }

  @ParameterizedTest
  @Rule("K1")
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void goesToTheRedirectsTarget(int status) {
    WebSocketStream stream =
        client.client.connect(
            "ws://example.com/a/b", WebSocketStreamOptions.DEFAULT.withProtocols("chat"));
    redirect(client.transport.nextOpening(), status, "c?d#part");
    ScriptedOpening next = client.transport.nextOpening();
    assertThat(next.opening().url().href()).isEqualTo("ws://example.com/a/c?d");
    assertThat(next.opening().protocols()).containsExactly("chat");
    ScriptedPeer peer = next.accept();
    WebSocketConnection connection = client.loop.runUntil(stream.opened());
    client.new Open(stream, connection, peer).finish();
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 304, 305, 401, 500})
  void takesOtherStatusesForRefusals(int status) {
    WebSocketStream stream = client.connect();
    redirect(client.transport.nextOpening(), status, "/elsewhere");
    assertThat(client.error(stream.opened()).response().status()).isEqualTo(status);
    client.loop.assertIdle();
  }

  @Test
  @Rule("K1")
  void refusesOneMoreThanAllowed() {
    WebSocketStream stream = client.connect();
    redirect(client.transport.nextOpening(), 307, "/1");
    redirect(client.transport.nextOpening(), 307, "/2");
    redirect(client.transport.nextOpening(), 307, "/3");
    assertRefused(stream, "expected at most 2 redirects but was one more");
  }

  @ParameterizedTest
  @Rule({"K1", "K4"})
  @CsvSource({
    "ws://example.com/, ftp://example.com/, ftp",
    "ws://example.com/, ws://exa mple.com/, host",
    "wss://example.com/, ws://example.com/, TLS",
    "ws://example.com/, ws://example.com:25/, port 25 is blocked",
  })
  void refusesTargetsThatNoConnectionMayHave(String from, String to, String why) {
    WebSocketStream stream = client.client.connect(from);
    redirect(client.transport.nextOpening(), 302, to);
    WebSocketError error = assertRefused(stream, "a redirect could not be followed: ");
    assertThat(error.getMessage()).contains(why);
  }

  @Test
  @Rule("K3")
  void keepsCredentialsWithinAnOriginAndDropsThemBeyond() {
    Client own =
        new Client(
            builder ->
                builder
                    .maxRedirects(2)
                    .header("X-Kept", "yes")
                    .header("Cookie", "a=1")
                    .header("Authorization", OWN));
    WebSocketStream stream = own.connect();
    ScriptedOpening first = own.transport.nextOpening();
    redirect(first, 307, "/next");
    ScriptedOpening second = own.transport.nextOpening();
    redirect(second, 307, "ws://example.com:8080/");
    ScriptedOpening third = own.transport.nextOpening();
    third.fail(Stage.CONNECT, "over");
    own.error(stream.opened());
    for (ScriptedOpening same : new ScriptedOpening[] {first, second}) {
      assertThat(same.request().headers().all("Authorization")).containsExactly(OWN);
      assertThat(same.request().headers().all("Cookie")).containsExactly("a=1");
    }
    assertThat(third.request().headers().all("Authorization")).isEmpty();
    assertThat(third.request().headers().all("Cookie")).isEmpty();
    assertThat(third.request().headers().all("X-Kept")).containsExactly("yes");
    own.loop.assertIdle();
  }

  @Test
  @Rule("K3")
  void keepsUserinfoWithinAnOriginAndDropsItBeyond() {
    WebSocketStream stream = client.client.connect("ws://user:%C3%A9@example.com/");
    ScriptedOpening first = client.transport.nextOpening();
    redirect(first, 302, "/next");
    ScriptedOpening second = client.transport.nextOpening();
    redirect(second, 302, "wss://example.com/");
    ScriptedOpening third = client.transport.nextOpening();
    third.fail(Stage.CONNECT, "over");
    client.error(stream.opened());
    // "user:é" in UTF-8
    assertThat(first.request().headers().all("Authorization"))
        .containsExactly("Basic dXNlcjrDqQ==");
    assertThat(second.request().headers().all("Authorization"))
        .containsExactly("Basic dXNlcjrDqQ==");
    assertThat(third.request().headers().all("Authorization")).isEmpty();
    client.loop.assertIdle();
  }

  @Test
  @Rule("K3")
  void takesTheUserinfoOfTheTarget() {
    WebSocketStream stream = client.client.connect("ws://user:first@example.com/");
    redirect(client.transport.nextOpening(), 302, "ws://Aladdin:open%20sesame@other.example/");
    ScriptedOpening next = client.transport.nextOpening();
    next.fail(Stage.CONNECT, "over");
    client.error(stream.opened());
    assertThat(next.request().headers().all("Authorization"))
        .containsExactly("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    client.loop.assertIdle();
  }

  @Test
  @Rule("S17")
  void canBeClosedWhileItFollows() {
    WebSocketStream stream = client.connect();
    redirect(client.transport.nextOpening(), 302, "/next");
    ScriptedOpening next = client.transport.nextOpening();
    stream.close();
    assertThat(client.error(stream.opened()))
        .hasMessage("close() was called before the connection was open");
    assertThat(next.isOver()).isTrue();
    client.loop.assertIdle();
  }

  @Test
  void prefersTheClientsOwnAuthorizationToUserinfo() {
    Client own = new Client(builder -> builder.header("authorization", OWN));
    WebSocketStream stream = own.client.connect("ws://user:other@example.com/");
    ScriptedOpening opening = own.transport.nextOpening();
    opening.fail(Stage.CONNECT, "over");
    own.error(stream.opened());
    assertThat(opening.request().headers().all("Authorization")).containsExactly(OWN);
    own.loop.assertIdle();
  }

  private static void redirect(ScriptedOpening opening, int status, String location) {
    opening.refuse(new Refusal(status, Headers.of("Location", location), ""));
  }

  private WebSocketError assertRefused(WebSocketStream stream, String message) {
    WebSocketError error = client.error(stream.opened());
    assertThat(error.getCause()).hasMessageStartingWith(message);
    assertThat(((OpeningFailure) error.getCause()).stage()).isEqualTo(Stage.REFUSED);
    assertThat(error.response()).isNotNull();
    client.loop.assertIdle();
    return error;
  }
}
