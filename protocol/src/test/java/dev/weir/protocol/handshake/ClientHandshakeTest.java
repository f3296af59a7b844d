package dev.weir.protocol.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.conformance.Rule;
import dev.weir.protocol.handshake.Extension.Parameter;
import dev.weir.protocol.handshake.HandshakeException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientHandshakeTest {
  private static final byte[] NONCE = "the sample nonce".getBytes(StandardCharsets.US_ASCII);
  private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

  private static final Headers ACCEPTED =
      Headers.of("Upgrade", "websocket", "Connection", "Upgrade", "Sec-WebSocket-Accept", ACCEPT);

  private static ClientHandshake.Builder handshake() {
    return ClientHandshake.builder(NONCE, "server.example.com", "/chat");
  }

  private static ClientHandshake plain() {
    return handshake().build();
  }

  private static ClientHandshake asking() {
    return handshake()
        .protocols(List.of("v2", "v1"))
        .extensions(
            List.of(
                Extension.of("foo", Parameter.of("a")), Extension.of("foo"), Extension.of("bar")))
        .build();
  }

  @Rule({
    "K2",
    "6455-4.1-11",
    "6455-4.1-13",
    "6455-4.1-15",
    "6455-4.1-16",
    "6455-4.1-17",
    "6455-4.1-20"
  })
  @Test
  void asksForWhatItIsGiven() {
    HandshakeRequest request =
        handshake()
            .protocols(List.of("chat", "superchat"))
            .extensions(List.of(Extension.of("foo", Parameter.of("a", "1")), Extension.of("bar")))
            .origin("http://example.com")
            .headers(Headers.of("Cookie", "a=b", "X-Own", "1", "x-own", "2"))
            .build()
            .request();
    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.target()).isEqualTo("/chat");
    assertThat(request.headers())
        .isEqualTo(
            Headers.of(
                "Host", "server.example.com",
                "Upgrade", "websocket",
                "Connection", "Upgrade",
                "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version", "13",
                "Origin", "http://example.com",
                "Sec-WebSocket-Protocol", "chat, superchat",
                "Sec-WebSocket-Extensions", "foo; a=1, bar",
                "Cookie", "a=b",
                "X-Own", "1",
                "x-own", "2"));
  }

  @Rule("K2")
  @Test
  void leavesOutWhatItIsNotGiven() {
    assertThat(plain().request().headers())
        .isEqualTo(
            Headers.of(
                "Host", "server.example.com",
                "Upgrade", "websocket",
                "Connection", "Upgrade",
                "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version", "13"));
  }

  static Stream<Arguments> accepted() {
    return Stream.of(
        Arguments.of("nothing asked, nothing given", plain(), ACCEPTED, "", ""),
        Arguments.of(
            "names, values and tokens in other case",
            plain(),
            Headers.of(
                "UPGRADE", "WebSocket",
                "connection", "keep-alive, uPgRaDe",
                "sec-websocket-accept", ACCEPT),
            "",
            ""),
        Arguments.of(
            "white space around Accept",
            plain(),
            changed("Sec-WebSocket-Accept", " \t" + ACCEPT + " "),
            "",
            ""),
        Arguments.of(
            "Connection in several fields", plain(), with("Connection", "keep-alive"), "", ""),
        Arguments.of(
            "a subprotocol of those asked for",
            asking(),
            with("Sec-WebSocket-Protocol", "v1"),
            "v1",
            ""),
        Arguments.of(
            "extensions of those offered",
            asking(),
            with(
                "Sec-WebSocket-Protocol", "v2",
                "Sec-WebSocket-Extensions", "bar; b=2,foo"),
            "v2",
            "bar; b=2, foo"),
        Arguments.of(
            "extensions in several fields",
            asking(),
            with(
                "Sec-WebSocket-Protocol", "v2",
                "Sec-WebSocket-Extensions", "foo",
                "Sec-WebSocket-Extensions", "bar"),
            "v2",
            "foo, bar"));
  }

  @Rule({"K2", "S2", "P6", "6455-4.1-24", "6455-4.1-27"})
  @ParameterizedTest(name = "{0}")
  @MethodSource("accepted")
  void acceptsAnAnswerThatKeepsTheRules(
      String name, ClientHandshake client, Headers response, String protocol, String extensions) {
    Agreement agreement = client.validate(101, response);
    assertThat(agreement.protocol()).isEqualTo(protocol);
    assertThat(agreement.extensionsText()).isEqualTo(extensions);
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        refusal(
            "no Upgrade",
            plain(),
            without("Upgrade"),
            Kind.UPGRADE,
            "expected Upgrade: websocket but was none"),
        refusal(
            "another Upgrade",
            plain(),
            changed("Upgrade", "h2c"),
            Kind.UPGRADE,
            "expected Upgrade: websocket but was \"h2c\""),
        refusal(
            "two in Upgrade",
            plain(),
            changed("Upgrade", "websocket, h2c"),
            Kind.UPGRADE,
            "expected Upgrade: websocket but was \"websocket, h2c\""),
        refusal(
            "Upgrade twice",
            plain(),
            with("Upgrade", "websocket"),
            Kind.UPGRADE,
            "expected Upgrade: websocket but was \"websocket, websocket\""),
        refusal(
            "Upgrade with a version",
            plain(),
            changed("Upgrade", "websocket/13"),
            Kind.UPGRADE,
            "expected Upgrade: websocket but was \"websocket/13\""),
        refusal(
            "no Connection",
            plain(),
            without("Connection"),
            Kind.CONNECTION,
            "expected Upgrade in the Connection header but was none"),
        refusal(
            "another Connection",
            plain(),
            changed("Connection", "upgraded, close"),
            Kind.CONNECTION,
            "expected Upgrade in the Connection header but was \"upgraded, close\""),
        refusal(
            "no Accept",
            plain(),
            without("Sec-WebSocket-Accept"),
            Kind.ACCEPT,
            "expected Sec-WebSocket-Accept: " + ACCEPT + " but was none"),
        refusal(
            "another Accept",
            plain(),
            changed("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZ"),
            Kind.ACCEPT,
            "expected Sec-WebSocket-Accept: " + ACCEPT + " but was \"s3pPLMBiTxaQ9kYGzzhZ\""),
        refusal(
            "Accept in other case",
            plain(),
            changed("Sec-WebSocket-Accept", ACCEPT.toLowerCase()),
            Kind.ACCEPT,
            "expected Sec-WebSocket-Accept: "
                + ACCEPT
                + " but was \""
                + ACCEPT.toLowerCase()
                + "\""),
        refusal(
            "Accept twice",
            plain(),
            with("Sec-WebSocket-Accept", ACCEPT),
            Kind.DUPLICATE_ACCEPT,
            "expected one Sec-WebSocket-Accept header but was 2"),
        refusal(
            "a subprotocol that was not asked for, with none asked",
            plain(),
            with("Sec-WebSocket-Protocol", "v1"),
            Kind.PROTOCOL,
            "expected no subprotocol, since none was asked for, but was \"v1\""),
        refusal(
            "an empty subprotocol, with none asked",
            plain(),
            with("Sec-WebSocket-Protocol", ""),
            Kind.PROTOCOL,
            "expected no subprotocol, since none was asked for, but was \"\""),
        refusal(
            "no subprotocol",
            asking(),
            ACCEPTED,
            Kind.PROTOCOL,
            "expected one of the subprotocols [v2, v1] but none was selected"),
        refusal(
            "an empty subprotocol",
            asking(),
            with("Sec-WebSocket-Protocol", ""),
            Kind.PROTOCOL,
            "expected one of the subprotocols [v2, v1] but was \"\""),
        refusal(
            "another subprotocol",
            asking(),
            with("Sec-WebSocket-Protocol", "v3"),
            Kind.PROTOCOL,
            "expected one of the subprotocols [v2, v1] but was \"v3\""),
        refusal(
            "a subprotocol in other case",
            asking(),
            with("Sec-WebSocket-Protocol", "V1"),
            Kind.PROTOCOL,
            "expected one of the subprotocols [v2, v1] but was \"V1\""),
        refusal(
            "two subprotocols in a list",
            asking(),
            with("Sec-WebSocket-Protocol", "v2, v1"),
            Kind.PROTOCOL,
            "expected one of the subprotocols [v2, v1] but was \"v2, v1\""),
        refusal(
            "two subprotocols in two fields",
            asking(),
            with("Sec-WebSocket-Protocol", "v2", "Sec-WebSocket-Protocol", "v2"),
            Kind.PROTOCOL,
            "expected one of the subprotocols [v2, v1] but was \"v2, v2\""),
        refusal(
            "an extension, with none offered",
            plain(),
            with("Sec-WebSocket-Extensions", "foo"),
            Kind.EXTENSION,
            "expected only extensions that were offered but was \"foo\""),
        refusal(
            "another extension",
            asking(),
            with("Sec-WebSocket-Protocol", "v1", "Sec-WebSocket-Extensions", "foo, baz"),
            Kind.EXTENSION,
            "expected only extensions that were offered but was \"baz\""),
        refusal(
            "an extension twice",
            asking(),
            with("Sec-WebSocket-Protocol", "v1", "Sec-WebSocket-Extensions", "foo, foo; a"),
            Kind.EXTENSION,
            "expected each extension once but \"foo\" was accepted twice"),
        refusal(
            "a malformed extension",
            asking(),
            with("Sec-WebSocket-Protocol", "v1", "Sec-WebSocket-Extensions", "foo;"),
            Kind.EXTENSION,
            "expected a parameter name at index 4 of Sec-WebSocket-Extensions but was \"\""),
        refusal(
            "no extension in the field",
            asking(),
            with("Sec-WebSocket-Protocol", "v1", "Sec-WebSocket-Extensions", ""),
            Kind.EXTENSION,
            "expected at least one extension in Sec-WebSocket-Extensions but was none"));
  }

  private static Arguments refusal(
      String name, ClientHandshake client, Headers response, Kind kind, String message) {
    return Arguments.of(name, client, response, kind, message);
  }

  @Rule({
    "K2",
    "S2",
    "6455-4.1-24",
    "6455-4.1-25",
    "6455-4.1-26",
    "6455-4.1-27",
    "6455-4.1-28",
    "6455-4.1-29",
    "6455-4.1-30",
    "6455-9.1-1",
    "6455-11.3.3-1"
  })
  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void refusesAnAnswerThatBreaksARule(
      String name, ClientHandshake client, Headers response, Kind kind, String message) {
    assertThatThrownBy(() -> client.validate(101, response))
        .isInstanceOfSatisfying(HandshakeException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessage(message);
  }

  @Rule("K1")
  @ParameterizedTest
  @ValueSource(ints = {100, 102, 200, 204, 301, 302, 400, 401, 403, 426, 503, 0, -1, 1010})
  void refusesAnyOtherStatus(int status) {
    assertThatThrownBy(() -> plain().validate(status, ACCEPTED))
        .isInstanceOfSatisfying(
            HandshakeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.STATUS))
        .hasMessage("expected status 101 but was " + status);
  }

  @Test
  void showsOnlySomeOfALongValueAndNoStrangeCharacters() {
    Headers response = changed("Upgrade", "é" + "x".repeat(500));
    assertThatThrownBy(() -> plain().validate(101, response))
        .hasMessage(
            "expected Upgrade: websocket but was \"\\u00E9"
                + "x".repeat(99)
                + "\" and 401 characters more");
  }

  @Rule("K2")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host",
        "Upgrade",
        "connection",
        "Sec-WebSocket-Key",
        "sec-websocket-version",
        "Sec-WebSocket-Protocol",
        "Sec-WebSocket-Extensions",
        "Sec-WebSocket-Accept",
        "SEC-WEBSOCKET-ANYTHING",
        "Content-Length",
        "transfer-encoding",
        "TE",
        "Trailer",
        "Expect",
        "Keep-Alive",
        "Proxy-Connection",
        "HTTP2-Settings"
      })
  void refusesReservedFieldsFromTheApplication(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> handshake().headers(Headers.of("X", "1", name, "1")))
        .withMessage("expected no header that the opening handshake sets itself but was " + name);
  }

  @Test
  void takesOriginOnceFromEitherPlace() {
    Headers own = Headers.of("origin", "http://a");
    assertThat(handshake().headers(own).build().request().headers().all("Origin"))
        .containsExactly("http://a");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> handshake().headers(own).origin("http://b").build())
        .withMessage("expected one Origin but it is configured and also among the headers");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> ClientHandshake.checkUserHeaders(Headers.of("Origin", "a", "Origin", "b")))
        .withMessage("expected at most one Origin but was 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "chat",
        "*",
        "http://h/",
        "/a b",
        "/a\r\nX: y",
        "/a#b",
        "/é",
        "/\u0000",
        "?a",
        "/\u007f"
      })
  void refusesATargetThatIsNoPath(String target) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClientHandshake.builder(NONCE, "h", target))
        .withMessageStartingWith("expected a path and query in visible ASCII");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":80",
        "h h",
        "h\r\nX: y",
        "u@h",
        "h/p",
        "h:x",
        "h:65536",
        "h:-1",
        "h:+1",
        "[::1",
        "[]",
        "[::1]x",
        "[g/]",
        "h?",
        "h:80:80",
        "é",
        "h:000080"
      })
  void refusesAHostThatIsNone(String host) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClientHandshake.builder(NONCE, host, "/"))
        .withMessage(
            "expected a host with an optional port but was %s", HandshakeException.quoted(host));
  }

  @ParameterizedTest
  @ValueSource(strings = {"h", "h:8080", "127.0.0.1:1", "[::1]", "[2001:db8::1]:443", "xn--1xa.x"})
  void takesAHostWithAnOptionalPort(String host) {
    assertThat(
            ClientHandshake.builder(NONCE, host, "/?q").build().request().headers().first("host"))
        .contains(host);
  }

  @Test
  void refusesAnInjectionByAnyOfItsParts() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> handshake().origin("http://a\r\nX: y").build());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> handshake().protocols(List.of("a\r\nX: y")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClientHandshake.builder(new byte[17], "h", "/"));
  }

  private static Headers with(String... more) {
    return ACCEPTED.toBuilder().addAll(Headers.of(more)).build();
  }

  private static Headers without(String name) {
    return ACCEPTED.toBuilder().remove(name).build();
  }

  private static Headers changed(String name, String value) {
    return ACCEPTED.toBuilder().set(name, value).build();
  }
}
