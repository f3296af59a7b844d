package dev.weir.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which paths a route's pattern takes, and what it reads from them. */
class RoutePatternTest {
  @ParameterizedTest(name = "{0} takes {1}")
  @CsvSource({
    "/, /",
    "/echo, /echo",
    "/echo, /%65cho",
    "/rooms/{room}, /rooms/7",
    "/a/{x}/c, /a/b/c",
    "/**, /",
    "/**, /any/thing/at/all",
    "/files/**, /files/",
    "/files/**, /files/a/b",
    "/files/**, /files",
  })
  void takes(String pattern, String path) {
    assertThat(new RoutePattern(pattern).match(path)).isPresent();
  }

  @ParameterizedTest(name = "{0} leaves {1}")
  @CsvSource({
    "/, /echo",
    "/echo, /",
    "/echo, /echo/",
    "/echo, /Echo",
    "/echo, /echo%2f",
    "/rooms/{room}, /rooms/",
    "/rooms/{room}, /rooms/1/2",
    "/rooms/{room}, /rooms/%zz",
    "/files/**, /file",
  })
  void leaves(String pattern, String path) {
    assertThat(new RoutePattern(pattern).match(path)).isEmpty();
  }

  @Test
  void parametersAreDecodedSegmentBySegment() {
    assertThat(new RoutePattern("/{a}/x/{b}").match("/caf%C3%A9+1/x/p%2Fq"))
        .contains(Map.of("a", "café+1", "b", "p/q"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"echo", "", "/a/**/b", "/{x}/{x}", "/{}"})
  void anythingElseIsNoPattern(String text) {
    assertThatThrownBy(() -> new RoutePattern(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("expected ");
  }
}
