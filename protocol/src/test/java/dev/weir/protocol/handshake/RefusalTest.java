package dev.weir.protocol.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalTest {
  static Stream<Arguments> readyMade() {
    return Stream.of(
        Arguments.of(403, Refusal.forbiddenOrigin()),
        Arguments.of(404, Refusal.notFound()),
        Arguments.of(405, Refusal.methodNotAllowed()),
        Arguments.of(408, Refusal.requestTimeout()),
        Arguments.of(414, Refusal.targetTooLong()),
        Arguments.of(426, Refusal.upgradeRequired()),
        Arguments.of(426, Refusal.unsupportedVersion()),
        Arguments.of(431, Refusal.headersTooLarge()),
        Arguments.of(500, Refusal.internalError()),
        Arguments.of(503, Refusal.unavailable()),
        Arguments.of(505, Refusal.versionNotSupported()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("readyMade")
  void hasAStatusAndAShortText(int status, Refusal refusal) {
    assertThat(refusal.status()).isEqualTo(status);
    assertThat(refusal.body()).matches("[ -~]{1,60}");
    assertThat(refusal.responseHeaders().all("Content-Length"))
        .containsExactly(Integer.toString(refusal.bodyBytes().length));
    assertThat(refusal.responseHeaders().hasToken("Connection", "close")).isTrue();
  }

  @Test
  void countsTheBodyInBytesAndKeepsAContentTypeOfItsOwn() {
    Refusal refusal =
        new Refusal(401, Headers.of("WWW-Authenticate", "Basic", "content-type", "text/x"), "é…");
    assertThat(refusal.responseHeaders())
        .isEqualTo(
            Headers.of(
                "WWW-Authenticate", "Basic",
                "content-type", "text/x",
                "Content-Length", "5",
                "Connection", "close"));
    assertThat(refusal.bodyBytes()).hasSize(5);
  }

  @Test
  void announcesAnEmptyBody() {
    assertThat(Refusal.of(302, "").responseHeaders())
        .isEqualTo(Headers.of("Content-Length", "0", "Connection", "close"));
    assertThat(Refusal.notFound().withoutBody()).isEqualTo(Refusal.of(404, ""));
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304})
  void hasNoBodyWhereTheStatusForbidsIt(int status) {
    assertThat(Refusal.of(status, "").responseHeaders())
        .isEqualTo(Headers.of("Connection", "close"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Refusal.of(status, "x"))
        .withMessage("expected no body with status " + status);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 101, 199, 600, -1})
  void hasAFinalStatus(int status) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Refusal.of(status, ""))
        .withMessage("expected a status from 200 to 599 but was " + status);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "connection",
        "Content-Length",
        "Transfer-Encoding",
        "Trailer",
        "Keep-Alive",
        "Proxy-Connection"
      })
  void leavesTheFramingToTheTransport(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Refusal(404, Headers.of(name, "1"), ""))
        .withMessage("expected no header that frames the response but was " + name);
  }
}
