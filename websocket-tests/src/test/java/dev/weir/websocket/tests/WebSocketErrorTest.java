package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.conformance.Rule;
import dev.weir.streams.InvalidAccessError;
import dev.weir.streams.SyntaxError;
import dev.weir.websocket.WebSocketError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Rule("S18")
class WebSocketErrorTest {
  @Test
  void hasNeitherMessageNorCodeNorReasonByDefault() {
    WebSocketError error = new WebSocketError();
    assertThat(error.getMessage()).isEmpty();
    assertThat(error.closeCode()).isNull();
    assertThat(error.reason()).isEmpty();
    assertThat(error.response()).isNull();
  }

  @Test
  void hasItsNameAndTheDomExceptionCodeZero() {
    WebSocketError error = new WebSocketError("message");
    assertThat(error.name()).isEqualTo("WebSocketError");
    assertThat(error.code()).isZero();
    assertThat(error).hasMessage("message");
  }

  @Test
  void takesACodeAndAReason() {
    WebSocketError error = new WebSocketError("message", 4000, "why");
    assertThat(error.closeCode()).isEqualTo(4000);
    assertThat(error.reason()).isEqualTo("why");
  }

  @Test
  void setsCode1000ForAReasonAlone() {
    assertThat(new WebSocketError("", null, "why").closeCode()).isEqualTo(1000);
    assertThat(new WebSocketError("", null, "").closeCode()).isNull();
  }

  @ParameterizedTest
  @Rule("C1")
  @ValueSource(ints = {0, 999, 1001, 1006, 1015, 2999, 5000})
  void refusesOtherCodes(int code) {
    assertThatThrownBy(() -> new WebSocketError("", code, ""))
        .isInstanceOf(InvalidAccessError.class);
  }

  @Test
  @Rule("C3")
  void refusesALongReason() {
    assertThatThrownBy(() -> new WebSocketError("", 1000, "x".repeat(124)))
        .isInstanceOf(SyntaxError.class)
        .hasMessage("reason is 124 bytes of UTF-8, the limit is 123");
  }
}
