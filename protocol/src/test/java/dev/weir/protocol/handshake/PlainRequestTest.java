package dev.weir.protocol.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainRequestTest {
  private static final Headers HOST = Headers.of("Host", "example.com");

  @Test
  void isWhatAsksForNoUpgrade() {
    PlainRequest request = PlainRequest.read("GET", "HTTP/1.1", "/a%20b?c?d", HOST).orElseThrow();
    assertThat(request).isEqualTo(new PlainRequest("GET", "/a%20b?c?d", HOST));
    assertThat(request.path()).isEqualTo("/a%20b");
    assertThat(request.hasBody()).isFalse();
    assertThat(request.asksToClose()).isFalse();
    assertThat(PlainRequest.read("POST", "HTTP/1.1", "http://example.com/a", HOST).orElseThrow())
        .isEqualTo(new PlainRequest("POST", "/a", HOST));
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/0.9, /, Accept, */*",
    "HTTP/2.0, /, Accept, */*",
    "HTTP/1.0, /, Host, example.org",
    "HTTP/1.0, *, Accept, */*",
    "HTTP/1.0, /, Upgrade, websocket",
    "HTTP/1.1, *, Accept, */*",
    "HTTP/1.1, /a b, Accept, */*",
    "HTTP/1.1, ftp://example.com/, Accept, */*",
    "HTTP/1.1, /, Host, example.org",
    "HTTP/1.1, /, Upgrade, WebSocket",
    "HTTP/1.1, /, Upgrade, 'h2c, websocket'",
  })
  void leavesUpgradesAndMalformedOnesToTheHandshake(
      String version, String target, String name, String value) {
    Headers headers = HOST.toBuilder().add(name, value).build();
    assertThat(PlainRequest.read("GET", version, target, headers)).isEmpty();
  }

  @Test
  void hasAHost() {
    assertThat(PlainRequest.read("GET", "HTTP/1.1", "/", Headers.empty())).isEmpty();
    assertThat(PlainRequest.read("GET", "HTTP/1.1", "/", Headers.of("Host", "a b"))).isEmpty();
    assertThat(PlainRequest.read("GET", "HTTP/1.0", "/", Headers.of("Host", "a b"))).isEmpty();
  }

  @Test
  void mayBeOfHttp10WithoutAHostAndIsTheLastThen() {
    for (Headers headers :
        new Headers[] {Headers.empty(), HOST, Headers.of("Connection", "keep-alive")}) {
      PlainRequest request = PlainRequest.read("GET", "HTTP/1.0", "/a?b", headers).orElseThrow();
      assertThat(request).isEqualTo(new PlainRequest("GET", "/a?b", headers, true));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Content-Length, 0, false, false",
    "Content-Length, 1, true, false",
    "Content-Length, 'x', true, false",
    "Transfer-Encoding, chunked, true, false",
    "Connection, 'x, Close', false, true",
    "Upgrade, h2c, false, false",
  })
  void tellsOfABodyAndOfTheWishToClose(String name, String value, boolean body, boolean close) {
    Headers headers = HOST.toBuilder().add(name, value).build();
    PlainRequest request = PlainRequest.read("GET", "HTTP/1.1", "/", headers).orElseThrow();
    assertThat(request.hasBody()).isEqualTo(body);
    assertThat(request.asksToClose()).isEqualTo(close);
  }
}
