package dev.weir.protocol.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Rule("P6")
class HeaderTokensTest {
  private static final long SEED = 7230;

  @Test
  void knowsEachCharacterOfAToken() {
    String tokenChars =
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    for (char c = 0; c < 0x200; c++) {
      assertThat(HeaderTokens.isToken("a" + c))
          .as("U+%04X", (int) c)
          .isEqualTo(tokenChars.indexOf(c) >= 0);
    }
    assertThat(HeaderTokens.isToken("")).isFalse();
  }

  static Stream<Arguments> lists() {
    return Stream.of(
        list("nothing", ""),
        list("only separators", " , ,\t,"),
        list("one element", "a", "a"),
        list("white space around", " \ta \t,b ", "a", "b"),
        list("white space inside", "a b, c", "a b", "c"),
        list("comma in a quoted string", "a=\"b, c\", d", "a=\"b, c\"", "d"),
        list("escaped quote in a quoted string", "\"a\\\", b\", c", "\"a\\\", b\"", "c"),
        list("escaped backslash ends no escape", "\"a\\\\\", b", "\"a\\\\\"", "b"),
        list("quoted string without an end", "a, \"b, c", "a", "\"b, c"),
        list("backslash at the end", "a, \"b\\", "a", "\"b\\"),
        list("backslash outside of quotes", "a\\, b", "a\\", "b"));
  }

  private static Arguments list(String name, String value, String... elements) {
    return Arguments.of(name, value, List.of(elements));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lists")
  void splitsAList(String name, String value, List<String> elements) {
    assertThat(HeaderTokens.split(value)).isEqualTo(elements);
  }

  @Test
  void splitsWhateverWasJoined() {
    Random random = new Random(SEED);
    String alphabet = "ab\"\\ ,\t=;";
    for (int round = 0; round < 2_000; round++) {
      List<String> elements = new ArrayList<>();
      StringBuilder value = new StringBuilder();
      for (int i = random.nextInt(5); i > 0; i--) {
        String element = random.nextBoolean() ? "t" + i : quoted(random, alphabet);
        elements.add(element);
        value.append(" ,\t, ".substring(random.nextInt(2))).append(element).append(" ,");
      }
      assertThat(HeaderTokens.split(value.toString()))
          .as("seed %d, round %d, value %s", SEED, round, value)
          .isEqualTo(elements);
    }
  }

  private static String quoted(Random random, String alphabet) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = random.nextInt(6); i > 0; i--) {
      char c = alphabet.charAt(random.nextInt(alphabet.length()));
      if (c == '"' || c == '\\') {
        text.append('\\');
      }
      text.append(c);
    }
    return text.append('"').toString();
  }

  @Test
  void foldsTheCaseOfAsciiLettersOnly() {
    assertThat(HeaderTokens.equalsIgnoreCase("WebSocket", "wEBsOCKET")).isTrue();
    assertThat(HeaderTokens.equalsIgnoreCase("websocket", "websoc\u212Aet")).isFalse();
    assertThat(HeaderTokens.equalsIgnoreCase("@", "`")).isFalse();
    assertThat(HeaderTokens.equalsIgnoreCase("É", "é")).isFalse();
    assertThat(HeaderTokens.equalsIgnoreCase("a", "ab")).isFalse();
    assertThat(HeaderTokens.contains(List.of("keep-alive", "UPGRADE"), "upgrade")).isTrue();
    assertThat(HeaderTokens.contains(List.of("upgraded"), "upgrade")).isFalse();
  }
}
