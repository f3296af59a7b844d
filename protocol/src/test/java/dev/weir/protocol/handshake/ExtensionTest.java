package dev.weir.protocol.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.conformance.Rule;
import dev.weir.protocol.handshake.Extension.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ExtensionTest {
  private static final String FIELD = "Sec-WebSocket-Extensions";
  private static final long SEED = 6455;

  static Stream<Arguments> wellFormed() {
    return Stream.of(
        list("a name", "foo", "foo"),
        list("parameters in order", "foo;b;a=1", "foo; b; a=1"),
        list("white space between all parts", " \tfoo ;\ta = 1 , bar ", "foo; a=1, bar"),
        list("empty elements", ", ,foo,,bar,", "foo, bar"),
        list("a quoted token", "foo; a=\"10\"", "foo; a=10"),
        list("a quoted token with an escape", "foo; a=\"1\\0\" ; b", "foo; a=10; b"),
        list("alternatives of one name", "foo; a, foo; b, foo", "foo; a, foo; b, foo"),
        list("a parameter twice", "foo; a=1; a=2", "foo; a=1; a=2"),
        list(
            "the offer of a browser",
            "permessage-deflate; client_max_window_bits",
            "permessage-deflate; client_max_window_bits"));
  }

  private static Arguments list(String name, String value, String formatted) {
    return Arguments.of(name, value, formatted);
  }

  @Rule("6455-4.3-1")
  @ParameterizedTest(name = "{0}")
  @MethodSource("wellFormed")
  void readsWhatTheGrammarAllows(String name, String value, String formatted) {
    List<Extension> read = Extension.parse(Headers.of(FIELD, value));
    assertThat(Extension.format(read)).isEqualTo(formatted);
    assertThat(Extension.parse(Headers.of(FIELD, formatted))).isEqualTo(read);
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        list("an empty value", "", "expected at least one extension in " + FIELD + " but was none"),
        list(
            "commas alone", " , ", "expected at least one extension in " + FIELD + " but was none"),
        list("no name", ";a", at("an extension name", 0, ";a")),
        list("no parameter", "foo;", at("a parameter name", 4, "")),
        list("no parameter between", "foo;;a", at("a parameter name", 4, ";a")),
        list("no parameter value", "foo;a=", at("a parameter value", 6, "")),
        list("no parameter name", "foo;=1", at("a parameter name", 4, "=1")),
        list("two names", "foo bar", at("a comma, a semicolon or the end", 4, "bar")),
        list("a value after the name", "foo=1", at("a comma, a semicolon or the end", 3, "=1")),
        list("a quoted name", "\"foo\"", at("an extension name", 0, "\"foo\"")),
        list(
            "a quoted string without end",
            "foo;a=\"1",
            at("a quoted string with an end", 6, "\"1")),
        list("an escape without end", "foo;a=\"1\\", at("a quoted string with an end", 6, "\"1\\")),
        list("an escaped end", "foo;a=\"1\\\"", at("a quoted string with an end", 6, "\"1\\\"")),
        list("an empty quoted string", "foo;a=\"\"", at("a token inside the quotes", 6, "\"\"")),
        list("a quoted separator", "foo;a=\"1,2\"", at("a token inside the quotes", 6, "\"1,2\"")),
        list("a quoted space", "foo;a=\" 1\"", at("a token inside the quotes", 6, "\" 1\"")),
        list("text after quotes", "foo;a=\"1\"2", at("a comma, a semicolon or the end", 9, "2")),
        list("no token", "fé", at("a comma, a semicolon or the end", 1, "\\u00E9")));
  }

  private static String at(String expected, int index, String rest) {
    return "expected %s at index %d of %s but was \"%s\"".formatted(expected, index, FIELD, rest);
  }

  @Rule({"6455-4.3-1", "6455-9.1-1"})
  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void refusesWhatTheGrammarDoesNot(String name, String value, String message) {
    assertThatThrownBy(() -> Extension.parse(Headers.of(FIELD, value)))
        .isInstanceOfSatisfying(
            HandshakeException.class,
            e -> assertThat(e.kind()).isEqualTo(HandshakeException.Kind.EXTENSION))
        .hasMessage(message);
  }

  @Rule("P6")
  @Test
  void joinsSeveralFieldsIntoOneList() {
    Headers several = Headers.of(FIELD, "foo; a", FIELD.toLowerCase(), "", FIELD, "bar");
    assertThat(Extension.parse(several))
        .containsExactly(Extension.of("foo", Parameter.of("a")), Extension.of("bar"));
    assertThat(Extension.parse(Headers.empty())).isEmpty();
    assertThatThrownBy(() -> Extension.parse(Headers.of(FIELD, "foo; a=\"1", FIELD, "2\"")))
        .isInstanceOf(HandshakeException.class);
  }

  @Test
  void tellsItsParameters() {
    Extension foo =
        Extension.of("foo", Parameter.of("a", "1"), Parameter.of("b"), Parameter.of("a", "2"));
    assertThat(foo.parameter("a")).contains(Parameter.of("a", "1"));
    assertThat(foo.parameter("b")).contains(Parameter.of("b"));
    assertThat(foo.parameter("A")).isEmpty();
    assertThat(foo).hasToString("foo; a=1; b; a=2");
    assertThat(Extension.format(List.of())).isEmpty();
  }

  @Test
  void refusesPartsThatAreNoTokens() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Extension.of("a b"))
        .withMessage("expected a token as extension name but was \"a b\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Parameter.of("a;"))
        .withMessage("expected a token as extension parameter name but was \"a;\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Parameter.of("a", ""))
        .withMessage("expected a token as extension parameter value but was \"\"");
  }

  @Test
  void readsBackWhateverItWrites() {
    Random random = new Random(SEED);
    for (int round = 0; round < 1_000; round++) {
      List<Extension> extensions = new ArrayList<>();
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        List<Parameter> parameters = new ArrayList<>();
        for (int j = random.nextInt(4); j > 0; j--) {
          parameters.add(new Parameter(token(random), random.nextBoolean() ? token(random) : null));
        }
        extensions.add(new Extension(token(random), parameters));
      }
      assertThat(Extension.parse(Headers.of(FIELD, Extension.format(extensions))))
          .as("seed %d, round %d", SEED, round)
          .isEqualTo(extensions);
    }
  }

  private static String token(Random random) {
    StringBuilder token = new StringBuilder();
    while (token.isEmpty() || random.nextInt(4) > 0) {
      char c = (char) random.nextInt(0x80);
      if (HeaderTokens.isTokenChar(c)) {
        token.append(c);
      }
    }
    return token.toString();
  }

  @Test
  void endsOnAnyTextWithAListOrTheDocumentedException() {
    Random random = new Random(SEED);
    String alphabet = "ab;=,\" \\\t\u00e9";
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      StringBuilder value = new StringBuilder();
      for (int i = random.nextInt(12); i > 0; i--) {
        value.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        List<Extension> read = Extension.parse(Headers.of(FIELD, value.toString()));
        assertThat(Extension.parse(Headers.of(FIELD, Extension.format(read))))
            .as("seed %d, round %d, value %s", SEED, round, value)
            .isEqualTo(read);
      } catch (HandshakeException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(1_000, 19_999);
  }
}
