package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.websocket.Message;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How text is cut into messages and made safe to show. */
class TextTest {
  private static List<String> lines(String text, char delimiter, int limit, int readsOf)
      throws IOException {
    InputStream in =
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
          @Override
          public synchronized int read(byte[] bytes, int from, int count) {
            return super.read(bytes, from, Math.min(count, readsOf));
          }
        };
    var input = new LineInput(in, delimiter, limit, CodingErrorAction.REPORT);
    var lines = new ArrayList<String>();
    for (Message next = input.next(); next != null; next = input.next()) {
      lines.add(next.toString());
    }
    return lines;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 1000})
  void linesAreTheSameHoweverTheyAreRead(int readsOf) throws IOException {
    assertThat(lines("ä\r\n\nb\rc\n€", '\n', 100, readsOf)).containsExactly("ä", "", "b\rc", "€");
    assertThat(lines("a\r\nb\0\0", '\0', 100, readsOf)).containsExactly("a\r\nb", "");
    assertThat(lines("", '\n', 100, readsOf)).isEmpty();
  }

  @Test
  void aLineLongerThanTheBufferIsRead() throws IOException {
    String line = "x".repeat(300_000);
    assertThat(lines(line + "\ny\n", '\n', 400_000, 7000)).containsExactly(line, "y");
  }

  @Test
  void aLineOverTheLimitIsAnErrorBeforeItIsRead() {
    assertThatThrownBy(() -> lines("ok\n" + "x".repeat(101), '\n', 100, 10))
        .isInstanceOf(IOException.class)
        .hasMessage("line 2 is over 100 bytes, the limit of a message");
  }

  @Test
  void whatATerminalCouldObeyIsWrittenOut() {
    assertThat(Shown.text("plain ü €")).isEqualTo("plain ü €");
    assertThat(Shown.text("a\u001b[31m\u0000\u007f\u009b")).isEqualTo("a\\x1b[31m\\x00\\x7f\\x9b");
    assertThat(Shown.text("a\tb\nc\r\nd\re")).isEqualTo("a\tb\nc\r\nd\\x0de");
    assertThat(Shown.text("\u202eevil\u2066\u200f")).isEqualTo("\\u202eevil\\u2066\\u200f");
    assertThat(Shown.line("a\nb\tc")).isEqualTo("a\\x0ab\\x09c");
  }

  @Test
  void bytesAreShownByTheirNumberAndTheFirstOfThem() {
    assertThat(Shown.bytes(new byte[0])).isEqualTo("0 bytes");
    assertThat(Shown.bytes(new byte[] {(byte) 0xff})).isEqualTo("1 byte: ff");
    assertThat(Shown.bytes(new byte[33])).isEqualTo("33 bytes: " + "00 ".repeat(32) + "…");
  }

  @Test
  void jsonEscapesWhatItMust() {
    assertThat(new Json().put("a\"", "\\\n\u0001\u2028é").put("b", 1).put("c", true).toString())
        .isEqualTo("{\"a\\\"\":\"\\\\\\n\\u0001\\u2028é\",\"b\":1,\"c\":true}");
  }
}
