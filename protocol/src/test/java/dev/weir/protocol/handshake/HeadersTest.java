package dev.weir.protocol.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.conformance.Rule;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {
  private final Headers headers =
      Headers.of(
          "Host", "h", "X-Trace", "1", "x-trace", "2", "Cookie", "secret=1", "Empty", "", "X", "é");

  @Test
  void looksFieldsUpWithoutRegardToCase() {
    assertThat(headers.first("X-TRACE")).contains("1");
    assertThat(headers.all("x-Trace")).containsExactly("1", "2");
    assertThat(headers.contains("hOST")).isTrue();
    assertThat(headers.first("Empty")).contains("");
    assertThat(headers.first("X")).contains("é");
  }

  @Test
  void saysThatAFieldIsAbsent() {
    assertThat(headers.first("Absent")).isEmpty();
    assertThat(headers.all("Absent")).isEmpty();
    assertThat(headers.tokens("Absent")).isEmpty();
    assertThat(headers.contains("Absent")).isFalse();
    assertThat(headers.hasToken("Absent", "x")).isFalse();
  }

  @Test
  void keepsTheOrderAndTheCaseOfNames() {
    assertThat(headers)
        .extracting(Headers.Field::name)
        .containsExactly("Host", "X-Trace", "x-trace", "Cookie", "Empty", "X");
    assertThat(headers.names()).containsExactly("Host", "X-Trace", "Cookie", "Empty", "X");
    assertThat(headers.size()).isEqualTo(6);
    assertThat(headers.stream()).isEqualTo(headers.fields());
  }

  @Rule("P6")
  @Test
  void joinsSeveralFieldsIntoOneList() {
    Headers several = Headers.of("Connection", "keep-alive, ,", "connection", "Upgrade , x");
    assertThat(several.tokens("Connection")).containsExactly("keep-alive", "Upgrade", "x");
    assertThat(several.hasToken("connection", "uPGRADE")).isTrue();
    assertThat(several.hasToken("connection", "keep")).isFalse();
  }

  @Test
  void hidesCredentialsInItsText() {
    Headers secret =
        Headers.of("authorization", "Basic x", "Cookie", "a=b", "Set-Cookie", "c", "Date", "d");
    assertThat(secret)
        .hasToString("authorization: (hidden)\nCookie: (hidden)\nSet-Cookie: (hidden)\nDate: d");
  }

  @Test
  void trimsSpacesAndTabsAroundValues() {
    assertThat(Headers.of("A", " \t v w\t ").first("A")).contains("v w");
  }

  @Test
  void isChangedByABuilderOnly() {
    Headers.Builder builder = headers.toBuilder();
    Headers changed =
        builder
            .set("x-TRACE", "3")
            .remove("host")
            .add("Empty", "e")
            .addAll(Headers.of("Z", "z"))
            .build();
    assertThat(changed)
        .isEqualTo(
            Headers.of(
                "Cookie",
                "secret=1",
                "Empty",
                "",
                "X",
                "é",
                "x-TRACE",
                "3",
                "Empty",
                "e",
                "Z",
                "z"))
        .hasSameHashCodeAs(changed.toBuilder().build())
        .isNotEqualTo(headers);
    assertThat(headers.all("X-Trace")).containsExactly("1", "2");
    builder.add("Later", "l");
    assertThat(changed.contains("Later")).isFalse();
  }

  @Test
  void leavesFieldsAloneWhenASetIsRefused() {
    Headers.Builder builder = Headers.of("A", "1").toBuilder();
    assertThatIllegalArgumentException().isThrownBy(() -> builder.set("A", "x\r\ny"));
    assertThat(builder.build()).isEqualTo(Headers.of("A", "1"));
  }

  @Test
  void hasAnEmptyForm() {
    assertThat(Headers.builder().build()).isSameAs(Headers.empty());
    assertThat(Headers.empty().isEmpty()).isTrue();
    assertThat(headers.isEmpty()).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "CR LF and a field, U+000D, 1",
    "LF alone, U+000A, 1",
    "NUL, U+0000, 1",
    "DEL, U+007F, 1",
    "unit separator, U+001F, 1",
    "a letter that Latin-1 lacks, U+0141, 1",
    "a letter whose low byte is LF, U+010A, 1"
  })
  void refusesValuesThatWouldSmuggle(String name, String codePoint, int index) {
    char c = (char) Integer.parseInt(codePoint.substring(2), 16);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Headers.of("X-A", "v" + c + "\nX-B: w"))
        .withMessage(
            "expected visible characters up to U+00FF, spaces and tabs in the value of header X-A"
                + " but was %s at index %d",
            codePoint, index);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "A B", "A:", "A\r\n", "Ä", "A\u0000", "(A)", "\u212A"})
  void refusesNamesThatAreNoTokens(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Headers.of(name, "v"))
        .withMessageStartingWith("expected a token as header name but was \"")
        .satisfies(e -> assertThat(e.getMessage()).matches("[ -~]*"));
  }

  @Test
  void refusesANameWithoutAValue() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Headers.of("A", "1", "B"))
        .withMessage("expected names and values in turn but was an odd number of strings: 3");
  }

  @Test
  void takesWhatAnHttpParserGives() {
    assertThat(Headers.received(List.of(Map.entry("A", "1"), Map.entry("a", "2"))))
        .isEqualTo(Headers.of("A", "1", "a", "2"));
    assertThatThrownBy(() -> Headers.received(List.of(Map.entry("A", "1\u0000"))))
        .isInstanceOfSatisfying(
            HandshakeException.class,
            e -> assertThat(e.kind()).isEqualTo(HandshakeException.Kind.FIELD));
  }
}
