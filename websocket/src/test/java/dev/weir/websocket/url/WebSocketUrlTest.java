package dev.weir.websocket.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.conformance.Rule;
import dev.weir.streams.DomException;
import dev.weir.streams.SyntaxError;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Rule("S1")
class WebSocketUrlTest {
  private static Arguments row(String name, String url, String href) {
    return Arguments.of(name, url, href);
  }

  static Stream<Arguments> absolute() {
    return Stream.of(
        row("a plain URL", "ws://example.com/chat?room=1", "ws://example.com/chat?room=1"),
        row("no path", "ws://example.com", "ws://example.com/"),
        row("no path but a query", "wss://example.com?q", "wss://example.com/?q"),
        row("an empty query", "ws://h/?", "ws://h/?"),
        row("http becomes ws", "http://h/a", "ws://h/a"),
        row("https becomes wss", "https://h/a", "wss://h/a"),
        row("scheme and host in capitals", "WSS://EXAMPLE.Com/A?B", "wss://example.com/A?B"),
        row("the default port of ws", "ws://h:80/", "ws://h/"),
        row("the default port of wss", "wss://h:443/", "wss://h/"),
        row("the default port of http", "http://h:80/", "ws://h/"),
        row("the default port of https", "https://h:443/", "wss://h/"),
        row("the other's default port", "ws://h:443/", "ws://h:443/"),
        row("zeros before the port", "ws://h:00080/", "ws://h/"),
        row("no digits after the colon", "ws://h:/", "ws://h/"),
        row("the smallest port", "ws://h:0/", "ws://h:0/"),
        row("the largest port", "ws://h:65535/", "ws://h:65535/"),
        row("no slashes", "ws:example.com/a", "ws://example.com/a"),
        row("one slash", "ws:/example.com/a", "ws://example.com/a"),
        row("too many slashes", "ws:////example.com/a", "ws://example.com/a"),
        row("backslashes", "ws:\\\\h\\a\\b?c\\d", "ws://h/a/b?c\\d"),
        row("controls and spaces around", " \u0001\u001f ws://h/ \u0000", "ws://h/"),
        row("tabs and newlines within", "w\ts://h\n/a\r/b?c\t", "ws://h/a/b?c"),
        row("dot segments", "ws://h/a/./b/../c", "ws://h/a/c"),
        row("dot segments at the end", "ws://h/a/b/..", "ws://h/a/"),
        row("a single dot at the end", "ws://h/a/.", "ws://h/a/"),
        row("dot segments above the root", "ws://h/../../a", "ws://h/a"),
        row("encoded dot segments", "ws://h/a/%2e/b/%2E%2e/.%2E/c/%2e.", "ws://h/"),
        row("three dots are a name", "ws://h/.../%2e%2e%2e", "ws://h/.../%2e%2e%2e"),
        row("empty segments", "ws://h//a//", "ws://h//a//"),
        row("characters encoded in a path", "ws://h/ \"<>^`{}", "ws://h/%20%22%3C%3E%5E%60%7B%7D"),
        row(
            "characters kept in a path",
            "ws://h/!$&'()*+,-;=@[]_|~:",
            "ws://h/!$&'()*+,-;=@[]_|~:"),
        row("characters encoded in a query", "ws://h/?' \"<>", "ws://h/?%27%20%22%3C%3E"),
        row("characters kept in a query", "ws://h/?a=?/^`{}|[]\\", "ws://h/?a=?/^`{}|[]\\"),
        row(
            "letters in UTF-8",
            "ws://h/\u00e9\u20ac?\ud83d\ude00",
            "ws://h/%C3%A9%E2%82%AC?%F0%9F%98%80"),
        row("a surrogate alone", "ws://h/\ud800?\udc00", "ws://h/%EF%BF%BD?%EF%BF%BD"),
        row("percent signs stay", "ws://h/%41%zz%?%41%zz%", "ws://h/%41%zz%?%41%zz%"),
        row("an encoded number sign", "ws://h/a%23b?c%23d", "ws://h/a%23b?c%23d"),
        row("DEL and controls", "ws://h/\u0001\u007f", "ws://h/%01%7F"),
        row("a user", "ws://me@h/", "ws://me@h/"),
        row("a user and a password", "ws://me:pw@h/", "ws://me:pw@h/"),
        row("a password alone", "ws://:pw@h/", "ws://:pw@h/"),
        row("empty userinfo", "ws://:@h/", "ws://h/"),
        row("empty userinfo without a colon", "ws://@h/", "ws://h/"),
        row("several at signs", "ws://a@b@c@h/", "ws://a%40b%40c@h/"),
        row("several colons", "ws://a:b:c@h/", "ws://a:b%3Ac@h/"),
        row(
            "characters encoded in userinfo",
            "ws://a b;=[]^|\"<>`{}:\u00e9@h/",
            "ws://a%20b%3B%3D%5B%5D%5E%7C%22%3C%3E%60%7B%7D:%C3%A9@h/"),
        row("characters kept in userinfo", "ws://!$&'()*+,-._~%41@h/", "ws://!$&'()*+,-._~%41@h/"));
  }

  @Rule("6455-3-2")
  @ParameterizedTest(name = "{0}")
  @MethodSource("absolute")
  void parsesAndSerializes(String name, String url, String href) {
    assertThat(WebSocketUrl.parse(url).href()).isEqualTo(href);
    assertThat(WebSocketUrl.parse(href).href()).isEqualTo(href);
    assertThat(WebSocketUrl.parse(href)).isEqualTo(WebSocketUrl.parse(url));
  }

  static Stream<Arguments> relative() {
    String base = "wss://u:p@h:8443/a/b?q#f";
    return Stream.of(
        Arguments.of("nothing", "", base, "wss://u:p@h:8443/a/b?q"),
        Arguments.of("white space", " \t ", base, "wss://u:p@h:8443/a/b?q"),
        Arguments.of("a query", "?x", base, "wss://u:p@h:8443/a/b?x"),
        Arguments.of("a name", "c", base, "wss://u:p@h:8443/a/c"),
        Arguments.of("a name with a colon", "./c:d", base, "wss://u:p@h:8443/a/c:d"),
        Arguments.of("a name that begins like a port", "80:c", base, "wss://u:p@h:8443/a/80:c"),
        Arguments.of("a dot segment", "../c", base, "wss://u:p@h:8443/c"),
        Arguments.of("an encoded dot segment", "%2e%2E/c", base, "wss://u:p@h:8443/c"),
        Arguments.of("a path", "/c", base, "wss://u:p@h:8443/c"),
        Arguments.of("a path with a backslash", "\\c", base, "wss://u:p@h:8443/c"),
        Arguments.of("an authority", "//x/c", base, "wss://x/c"),
        Arguments.of("an authority with backslashes", "\\/x/c", base, "wss://x/c"),
        Arguments.of("an absolute URL", "ws://x/c", base, "ws://x/c"),
        Arguments.of("the base's scheme and a name", "wss:c", base, "wss://u:p@h:8443/a/c"),
        Arguments.of("the base's scheme and a path", "wss:/c", base, "wss://u:p@h:8443/c"),
        Arguments.of("the base's scheme and an authority", "wss://x", base, "wss://x/"),
        Arguments.of("another scheme and a name", "ws:c", base, "ws://c/"),
        Arguments.of("a base of http", "/chat", "http://h/page", "ws://h/chat"),
        Arguments.of("a base of https", "chat", "https://h/app/page?x", "wss://h/app/chat"),
        Arguments.of("the scheme of http against http", "http:c", "http://h/a/", "ws://h/a/c"),
        Arguments.of("the scheme of ws against http", "ws:c", "http://h/a/", "ws://c/"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("relative")
  void resolvesAgainstABase(String name, String url, String base, String href) {
    assertThat(WebSocketUrl.parse(url, base).href()).isEqualTo(href);
  }

  static Stream<Arguments> invalid() {
    return Stream.of(
        row(
            "nothing",
            "",
            "expected an absolute URL, since there is no base, but was one without a scheme"),
        row(
            "no scheme",
            "/chat",
            "expected an absolute URL, since there is no base, but was one without a scheme"),
        row(
            "a scheme that begins with a digit",
            "1ws://h",
            "expected an absolute URL, since there is no base, but was one without a scheme"),
        row(
            "another special scheme",
            "ftp://h/",
            "expected scheme ws, wss, http or https but was \"ftp\""),
        row("a file", "file:///h", "expected scheme ws, wss, http or https but was \"file\""),
        row(
            "a scheme without authority",
            "mailto:x",
            "expected scheme ws, wss, http or https but was \"mailto\""),
        row(
            "a longer scheme",
            "wss+x://h",
            "expected scheme ws, wss, http or https but was \"wss+x\""),
        row("a fragment", "ws://h/#f", "expected a URL without a fragment but was one with \"#\""),
        row(
            "an empty fragment",
            "ws://h/#",
            "expected a URL without a fragment but was one with \"#\""),
        row(
            "a fragment after the host",
            "ws://h#",
            "expected a URL without a fragment but was one with \"#\""),
        row(
            "a fragment after the query",
            "ws://h?q#f#g",
            "expected a URL without a fragment but was one with \"#\""),
        row("no host", "ws://", "expected a host but was none"),
        row("a port alone", "ws://:80", "expected a host but was none"),
        row("a query alone", "ws://?q", "expected a host but was none"),
        row("userinfo alone", "ws://u:secret@", "expected a host after the userinfo but was none"),
        row(
            "userinfo and a path",
            "ws://u:secret@/a",
            "expected a host after the userinfo but was none"),
        row("userinfo and a port", "ws://u:secret@:80", "expected a host but was none"),
        row("a port too large", "ws://h:65536", "expected a port up to 65535 but was \"65536\""),
        row(
            "a port that would wrap",
            "ws://h:4294967376",
            "expected a port up to 65535 but was \"4294967376\""),
        row("a port that is no number", "ws://h:8x", "expected digits as port but was \"8x\""),
        row("a negative port", "ws://h:-1", "expected digits as port but was \"-\""),
        row(
            "a port of other digits",
            "ws://h:\u0661",
            "expected digits as port but was \"\\u0661\""));
  }

  @Rule({"6455-3-1", "6455-4.1-2"})
  @ParameterizedTest(name = "{0}")
  @MethodSource("invalid")
  void refusesWhatIsNoUrlOfAWebSocket(String name, String url, String message) {
    assertThatThrownBy(() -> WebSocketUrl.parse(url))
        .isInstanceOf(SyntaxError.class)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message)
        .satisfies(
            e -> {
              assertThat(((DomException) e).name()).isEqualTo("SyntaxError");
              assertThat(((DomException) e).code()).isEqualTo(12);
            });
  }

  @Test
  void refusesAFragmentOfARelativeUrlToo() {
    assertThatThrownBy(() -> WebSocketUrl.parse("#f", "ws://h/"))
        .isInstanceOf(SyntaxError.class)
        .hasMessage("expected a URL without a fragment but was one with \"#\"");
  }

  @Test
  void refusesABaseThatIsNoUrlOfTheWeb() {
    assertThatThrownBy(() -> WebSocketUrl.parse("ws://h/", "about:blank"))
        .isInstanceOf(SyntaxError.class)
        .hasMessage("base URL: expected scheme ws, wss, http or https but was \"about\"");
    assertThatThrownBy(() -> WebSocketUrl.parse("/a", "/b")).isInstanceOf(SyntaxError.class);
  }

  @Rule("6455-4.1-14")
  @Test
  void tellsItsParts() {
    WebSocketUrl url = WebSocketUrl.parse("https://me:a%3Ab@Example.com:8443/a/b?c=d");
    assertThat(url.scheme()).isEqualTo("wss");
    assertThat(url.isSecure()).isTrue();
    assertThat(url.host()).isEqualTo("example.com");
    assertThat(url.port()).isEqualTo(8443);
    assertThat(url.hostHeader()).isEqualTo("example.com:8443");
    assertThat(url.origin()).isEqualTo("wss://example.com:8443");
    assertThat(url.requestTarget()).isEqualTo("/a/b?c=d");
    assertThat(url.href()).isEqualTo("wss://me:a%3Ab@example.com:8443/a/b?c=d");
  }

  @Rule("6455-4.1-14")
  @Test
  void tellsThePartsThatTheSchemeImplies() {
    WebSocketUrl plain = WebSocketUrl.parse("ws://[::1]:80");
    assertThat(plain.isSecure()).isFalse();
    assertThat(plain.host()).isEqualTo("[::1]");
    assertThat(plain.port()).isEqualTo(80);
    assertThat(plain.hostHeader()).isEqualTo("[::1]");
    assertThat(plain.origin()).isEqualTo("ws://[::1]");
    assertThat(plain.requestTarget()).isEqualTo("/");
    assertThat(WebSocketUrl.parse("wss://h").port()).isEqualTo(443);
  }

  @Rule("K3")
  @Test
  void makesBasicAuthorizationOfItsUserinfo() {
    WebSocketUrl url = WebSocketUrl.parse("ws://Aladdin:open%20sesame@h/");
    assertThat(url.hasCredentials()).isTrue();
    assertThat(url.basicAuthorization()).contains("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    assertThat(url.usernameBytes()).asString(StandardCharsets.UTF_8).isEqualTo("Aladdin");
    assertThat(url.passwordBytes()).asString(StandardCharsets.UTF_8).isEqualTo("open sesame");
    assertThat(WebSocketUrl.parse("ws://\u00e9@h").usernameBytes()).containsExactly(0xC3, 0xA9);
    assertThat(WebSocketUrl.parse("ws://:p@h").basicAuthorization()).contains("Basic OnA=");
    assertThat(WebSocketUrl.parse("ws://u@h").basicAuthorization()).contains("Basic dTo=");
    assertThat(WebSocketUrl.parse("ws://h").basicAuthorization()).isEmpty();
    assertThat(WebSocketUrl.parse("ws://h").hasCredentials()).isFalse();
  }

  @Test
  void hidesUserinfoInItsText() {
    assertThat(WebSocketUrl.parse("ws://u:secret@h/a")).hasToString("ws://(hidden)@h/a");
    assertThat(WebSocketUrl.parse("ws://h/a")).hasToString("ws://h/a");
  }

  @ParameterizedTest
  @CsvSource({
    "ws://h/,                 http://h/",
    "wss://u:p@h:8443/a?b,    https://h:8443/a?b",
    "ws://[::1]/a%2Fb?%41,    http://[::1]/a%2Fb?%41",
    "ws://h/a|[b]?^{c}%zz`,   http://h/a%7C%5Bb%5D?%5E%7Bc%7D%25zz%60",
    "ws://a{b/,               http://a%7Bb/",
  })
  void hasAnHttpUriForWhatKnowsNoWebSockets(String url, String uri) {
    assertThat(WebSocketUrl.parse(url).toHttpUri()).hasToString(uri);
  }

  @Test
  void resolvesReferencesAgainstItself() {
    WebSocketUrl url = WebSocketUrl.parse("http://h/a/b?c");
    assertThat(url.resolve("d").href()).isEqualTo("ws://h/a/d");
    assertThat(url.resolve("https://x").href()).isEqualTo("wss://x/");
  }

  @Test
  void isEqualByItsSerialization() {
    WebSocketUrl url = WebSocketUrl.parse("HTTP://H:80/./a");
    assertThat(url)
        .isEqualTo(WebSocketUrl.parse("ws://h/a"))
        .hasSameHashCodeAs(WebSocketUrl.parse("ws://h/a"))
        .isNotEqualTo(WebSocketUrl.parse("wss://h/a"))
        .isNotEqualTo(WebSocketUrl.parse("ws://h/a?"));
  }
}
