package dev.weir.protocol.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weir.conformance.Rule;
import dev.weir.protocol.handshake.Extension.Parameter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerHandshakeTest {
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  private static final Headers REQUEST =
      Headers.of(
          "Host", "server.example.com",
          "Upgrade", "websocket",
          "Connection", "Upgrade",
          "Sec-WebSocket-Key", KEY,
          "Sec-WebSocket-Version", "13");

  private static ServerHandshake read(Headers headers) {
    return ServerHandshake.read("GET", "HTTP/1.1", "/chat?room=1", headers);
  }

  private static Upgrade upgrade(Headers headers) {
    assertThat(read(headers)).isInstanceOf(Upgrade.class);
    return (Upgrade) read(headers);
  }

  @Test
  void readsAFullRequest() {
    Headers headers =
        with(
            "Origin", "http://example.com",
            "Sec-WebSocket-Protocol", "chat, superchat",
            "Sec-WebSocket-Extensions", "foo; a=\"1\"",
            "Cookie", "a=b",
            "Content-Length", "0");
    Upgrade upgrade = upgrade(headers);
    assertThat(upgrade.target()).isEqualTo("/chat?room=1");
    assertThat(upgrade.host()).isEqualTo("server.example.com");
    assertThat(upgrade.key()).isEqualTo(KEY);
    assertThat(upgrade.origin()).contains("http://example.com");
    assertThat(upgrade.protocols()).containsExactly("chat", "superchat");
    assertThat(upgrade.extensions()).containsExactly(Extension.of("foo", Parameter.of("a", "1")));
    assertThat(upgrade.headers()).isSameAs(headers);
  }

  @Test
  void readsABareRequest() {
    Upgrade upgrade = upgrade(REQUEST);
    assertThat(upgrade.origin()).isEmpty();
    assertThat(upgrade.protocols()).isEmpty();
    assertThat(upgrade.extensions()).isEmpty();
  }

  @Rule("P6")
  @Test
  void readsListsInAnyFormAndCase() {
    Upgrade upgrade =
        upgrade(
            Headers.of(
                "HOST", "[::1]:8080",
                "upgrade", "h2c, WebSocket",
                "connection", "keep-alive",
                "CONNECTION", "x, uPGRADE",
                "sec-websocket-key", KEY,
                "sec-websocket-version", "13",
                "sec-websocket-protocol", "b",
                "Sec-WebSocket-Protocol", ",a, B,",
                "sec-websocket-extensions", "foo",
                "Sec-WebSocket-Extensions", "bar, foo; a"));
    assertThat(upgrade.host()).isEqualTo("[::1]:8080");
    assertThat(upgrade.protocols()).containsExactly("b", "a", "B");
    assertThat(Extension.format(upgrade.extensions())).isEqualTo("foo, bar, foo; a");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "/, /",
    "/a?b=c, /a?b=c",
    "//a, //a",
    "http://h/a?b, /a?b",
    "WSS://h:1/a, /a",
    "https://h, /",
    "ws://[::1]:80?b, /?b"
  })
  void takesTheResourceFromTheTarget(String target, String resource) {
    assertThat(ServerHandshake.read("GET", "HTTP/1.1", target, REQUEST))
        .isInstanceOfSatisfying(
            Upgrade.class, upgrade -> assertThat(upgrade.target()).isEqualTo(resource));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "a",
        "h:80",
        "?a",
        "/a b",
        "/a#b",
        "/a\u00e9",
        "/a\u0000",
        "ftp://h/",
        "http:///a",
        "http://u@h/",
        "://h/",
        "http://h:x/"
      })
  void refusesOtherTargets(String target) {
    assertThat(ServerHandshake.read("GET", "HTTP/1.1", target, REQUEST))
        .isEqualTo(Refusal.badRequest("The request target must be a path or an http URL."));
  }

  static Stream<Arguments> badRequests() {
    String key = "Sec-WebSocket-Key must be ";
    String extensions = "Sec-WebSocket-Extensions is malformed.";
    String protocols = "Sec-WebSocket-Protocol must list tokens, each of them once.";
    return Stream.of(
        Arguments.of("no Host", without("Host"), "Host must be sent exactly once."),
        Arguments.of("Host twice", with("Host", "b"), "Host must be sent exactly once."),
        Arguments.of(
            "empty Host", changed("Host", ""), "Host must be a host with an optional port."),
        Arguments.of(
            "Host with userinfo",
            changed("Host", "u@h"),
            "Host must be a host with an optional port."),
        Arguments.of("no key", without("Sec-WebSocket-Key"), key + "sent exactly once."),
        Arguments.of("key twice", with("Sec-WebSocket-Key", KEY), key + "sent exactly once."),
        Arguments.of(
            "short key",
            changed("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j"),
            key + "16 bytes in base64."),
        Arguments.of(
            "key that is not base64",
            changed("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZ$=="),
            key + "16 bytes in base64."),
        Arguments.of(
            "version twice",
            with("Sec-WebSocket-Version", "13"),
            "Sec-WebSocket-Version must be sent exactly once."),
        Arguments.of(
            "Origin twice",
            with("Origin", "http://a", "Origin", "http://a"),
            "Origin must be sent at most once."),
        Arguments.of("subprotocol twice", with("Sec-WebSocket-Protocol", "a, b, a"), protocols),
        Arguments.of("no token as subprotocol", with("Sec-WebSocket-Protocol", "a b"), protocols),
        Arguments.of("empty list of subprotocols", with("Sec-WebSocket-Protocol", ","), protocols),
        Arguments.of("malformed extension", with("Sec-WebSocket-Extensions", "a;"), extensions),
        Arguments.of("empty list of extensions", with("Sec-WebSocket-Extensions", ""), extensions),
        Arguments.of(
            "a body by length", with("Content-Length", "1"), "The request must have no body."),
        Arguments.of(
            "a body in chunks",
            with("Transfer-Encoding", "chunked"),
            "The request must have no body."));
  }

  @Rule({
    "6455-4.2.1-1",
    "6455-4.2.1-3",
    "6455-4.2.1-6",
    "6455-9.1-1",
    "6455-11.3.1-1",
    "6455-11.3.5-1"
  })
  @ParameterizedTest(name = "{0}")
  @MethodSource("badRequests")
  void refusesABadRequestWith400(String name, Headers headers, String body) {
    assertThat(read(headers)).isEqualTo(Refusal.badRequest(body));
    assertThat(Refusal.badRequest(body).responseHeaders())
        .isEqualTo(
            Headers.of(
                "Content-Type", "text/plain; charset=utf-8",
                "Content-Length", Integer.toString(body.length()),
                "Connection", "close"));
  }

  @Rule({"6455-4.2.1-7", "6455-4.2.2-3", "6455-4.4-1"})
  @ParameterizedTest
  @ValueSource(strings = {"12", "8", "0", "013", "13, 8", "", "13x", "websocket"})
  void refusesAnotherVersionWith426AndTheOneItSpeaks(String version) {
    assertUnsupportedVersion(read(changed("Sec-WebSocket-Version", version)));
  }

  @Rule("6455-4.2.1-7")
  @Test
  void refusesAMissingVersionWith426AndTheOneItSpeaks() {
    assertUnsupportedVersion(read(without("Sec-WebSocket-Version")));
  }

  @Test
  void tellsTheVersionBeforeItLooksAtTheKey() {
    assertUnsupportedVersion(
        read(
            REQUEST.toBuilder()
                .set("Sec-WebSocket-Version", "99")
                .remove("Sec-WebSocket-Key")
                .build()));
  }

  private static void assertUnsupportedVersion(ServerHandshake result) {
    assertThat(result)
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.status()).isEqualTo(426);
              assertThat(refusal.responseHeaders())
                  .isEqualTo(
                      Headers.of(
                          "Upgrade", "websocket",
                          "Sec-WebSocket-Version", "13",
                          "Content-Type", "text/plain; charset=utf-8",
                          "Content-Length", "35",
                          "Connection", "Upgrade, close"));
            });
  }

  static Stream<Arguments> plainRequests() {
    return Stream.of(
        Arguments.of("neither field", Headers.of("Host", "h")),
        Arguments.of("no Upgrade", without("Upgrade")),
        Arguments.of("another Upgrade", changed("Upgrade", "h2c")),
        Arguments.of("no Connection", without("Connection")),
        Arguments.of("Connection without Upgrade", changed("Connection", "keep-alive, upgraded")));
  }

  @Rule({"6455-4.2.1-4", "6455-4.2.1-5"})
  @ParameterizedTest(name = "{0}")
  @MethodSource("plainRequests")
  void refusesARequestForNoUpgradeWith426(String name, Headers headers) {
    assertThat(read(headers)).isEqualTo(Refusal.upgradeRequired());
    assertThat(Refusal.upgradeRequired().status()).isEqualTo(426);
    assertThat(Refusal.upgradeRequired().responseHeaders().first("Upgrade")).contains("websocket");
    assertThat(Refusal.upgradeRequired().responseHeaders().tokens("Connection"))
        .containsExactly("Upgrade", "close");
  }

  @Rule("6455-4.2.1-2")
  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "OPTIONS", "CONNECT", "get", ""})
  void refusesAnotherMethodWith405(String method) {
    assertThat(ServerHandshake.read(method, "HTTP/1.1", "/", REQUEST))
        .isEqualTo(new Refusal(405, Headers.of("Allow", "GET"), "A WebSocket is opened by GET."));
  }

  @Test
  void answersHeadWithoutABody() {
    assertThat(ServerHandshake.read("HEAD", "HTTP/1.1", "/", REQUEST))
        .isEqualTo(new Refusal(405, Headers.of("Allow", "GET"), ""));
  }

  @Rule("6455-4.2.1-2")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.0",
        "HTTP/0.9",
        "HTTP/2.0",
        "HTTP/1.",
        "HTTP/1.x",
        "http/1.1",
        "HTTP/1.11",
        ""
      })
  void refusesAnotherVersionOfHttpWith505(String version) {
    assertThat(ServerHandshake.read("GET", version, "/", REQUEST))
        .isEqualTo(Refusal.versionNotSupported())
        .extracting("status")
        .isEqualTo(505);
  }

  @Test
  void takesALaterMinorVersionOfHttp() {
    assertThat(ServerHandshake.read("GET", "HTTP/1.2", "/", REQUEST)).isInstanceOf(Upgrade.class);
  }

  /** The example of RFC 6455 §1.3. */
  @Rule({"6455-4.2.2-6", "6455-4.2.2-9"})
  @Test
  void acceptsWithTheAnswerOfTheStandard() {
    assertThat(upgrade(REQUEST).accept(Agreement.NONE, Headers.empty()))
        .isEqualTo(
            Headers.of(
                "Upgrade", "websocket",
                "Connection", "Upgrade",
                "Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
  }

  @Rule({"6455-4.2.2-5", "6455-4.2.2-7", "6455-11.3.2-1", "6455-11.3.4-1"})
  @Test
  void acceptsWithWhatItSelects() {
    Upgrade upgrade =
        upgrade(
            with("Sec-WebSocket-Protocol", "a, b", "Sec-WebSocket-Extensions", "foo; x, foo, bar"));
    Agreement agreement =
        new Agreement(
            "b", List.of(Extension.of("bar"), Extension.of("foo", Parameter.of("y", "1"))));
    assertThat(upgrade.accept(agreement, Headers.of("Set-Cookie", "a=b", "Set-Cookie", "c=d")))
        .isEqualTo(
            Headers.of(
                "Upgrade", "websocket",
                "Connection", "Upgrade",
                "Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                "Sec-WebSocket-Protocol", "b",
                "Sec-WebSocket-Extensions", "bar, foo; y=1",
                "Set-Cookie", "a=b",
                "Set-Cookie", "c=d"));
  }

  static Stream<Arguments> wrongSelections() {
    return Stream.of(
        Arguments.of(
            "a subprotocol that was not asked for",
            new Agreement("c", List.of()),
            Headers.empty(),
            "expected one of the subprotocols that the client asked for, [a, b], but was \"c\""),
        Arguments.of(
            "a subprotocol in other case",
            new Agreement("A", List.of()),
            Headers.empty(),
            "expected one of the subprotocols that the client asked for, [a, b], but was \"A\""),
        Arguments.of(
            "an extension that was not offered",
            new Agreement("", List.of(Extension.of("bar"))),
            Headers.empty(),
            "expected only extensions that the client offered but was bar"),
        Arguments.of(
            "an extension twice",
            new Agreement("", List.of(Extension.of("foo"), Extension.of("foo"))),
            Headers.empty(),
            "expected each extension once but foo occurs again"),
        Arguments.of(
            "a reserved field",
            Agreement.NONE,
            Headers.of("sec-websocket-accept", "x"),
            "expected no header that the opening handshake sets itself but was"
                + " sec-websocket-accept"),
        Arguments.of(
            "a field that announces a body",
            Agreement.NONE,
            Headers.of("Content-Length", "1"),
            "expected no header that the opening handshake sets itself but was Content-Length"));
  }

  @Rule({"6455-4.2.2-5", "6455-4.2.2-7", "6455-4.2.2-8", "6455-9-1"})
  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongSelections")
  void doesNotAcceptWithWhatTheClientDidNotAskFor(
      String name, Agreement agreement, Headers extra, String message) {
    Upgrade upgrade =
        upgrade(with("Sec-WebSocket-Protocol", "a, b", "Sec-WebSocket-Extensions", "foo"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> upgrade.accept(agreement, extra))
        .withMessage(message);
  }

  private static Headers with(String... more) {
    return REQUEST.toBuilder().addAll(Headers.of(more)).build();
  }

  private static Headers without(String name) {
    return REQUEST.toBuilder().remove(name).build();
  }

  private static Headers changed(String name, String value) {
    return REQUEST.toBuilder().set(name, value).build();
  }
}
