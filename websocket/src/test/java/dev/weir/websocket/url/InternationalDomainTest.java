package dev.weir.websocket.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.conformance.Rule;
import dev.weir.streams.SyntaxError;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Rule("S1")
class InternationalDomainTest {
  private static final long SEED = 3492;

  private static String host(String host) {
    return WebSocketUrl.parse("ws://" + host + "/").host();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "small letters, b\u00fccher.example, xn--bcher-kva.example",
    "capitals, B\u00dcCHER.Example, xn--bcher-kva.example",
    "decomposed letters, bu\u0308cher, xn--bcher-kva",
    "percent-encoded UTF-8, b%C3%BCcher, xn--bcher-kva",
    "Punycode in any case, XN--BCHER-KVA, xn--bcher-kva",
    "sharp s stays, fa\u00df, xn--fa-hia",
    "the capital sharp s, FA\u1e9e, xn--fa-hia",
    "final sigma stays, \u03b2\u03cc\u03bb\u03bf\u03c2, xn--nxasmm1c",
    "full-width letters, \uff37\uff53, ws",
    "full-width full stop, a\uff0eb, a.b",
    "ideographic full stops, a\u3002b\uff61c, a.b.c",
    "full-width digits become an address, \uff11\uff12\uff17.0.0.1, 127.0.0.1",
    "soft hyphen and word joiner are left out, a\u00adb\u2060c, abc",
    "a ligature, \ufb01n, fin",
    "a circled number, \u2460a, 1a",
    "Japanese, \u65e5\u672c\u8a9e, xn--wgv71a119e",
    "a character beyond the first plane, \ud83d\ude00, xn--e28h",
    "Cherokee in small letters, \uab70, xn--58d",
    "Greek with an iota subscript, \u1fb3, xn--mxaq",
    "Arabic in one label, \u0627\u0628.com, xn--mgbc.com",
    "Hebrew with a digit at the end, \u05d01, xn--1-zhc",
    "a virama and a joiner, \u0915\u094d\u200d\u0937, xn--11b2ezcw70k",
    "a non-joiner between letters that join, \u0628\u200c\u0628, xn--ngba799q"
  })
  void convertsDomainsToAscii(String name, String input, String expected) {
    assertThat(host(input)).isEqualTo(expected);
    assertThat(host(expected)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "Punycode with other digits, xn--a$",
    "Punycode without text, xn--",
    "Punycode of ASCII alone, xn--a-",
    "Punycode cut short, xn--bcher-kv9",
    "Punycode beyond Unicode, xn--99999999",
    "Punycode of a capital, xn--bcher-7va",
    "Punycode of a prefix, xn--xn---epa",
    "Punycode after letters, xn--b\u00fccher",
    "a mark at the start, a.\u0301b",
    "an unassigned code point, a\u0378",
    "private use, a\ue000",
    "a control, a\u0085",
    "a mark of direction, a\u200eb",
    "the replacement character, a\ufffd",
    "bytes that are not UTF-8, a%ff",
    "one dot leader, a\u2024b",
    "a digit with a full stop, \u2488",
    "a joiner between letters, a\u200db",
    "a non-joiner between letters, a\u200cb",
    "a non-joiner after a letter that does not join, \u0627\u200c\u0628",
    "right to left after left to right, a\u05d0",
    "left to right after right to left, \u05d0a",
    "a digit before right to left, 1\u05d0",
    "both kinds of digits, \u05d0\u06601",
    "a neutral at the end, \u05d0-",
    "a digit at the start of another label, 1a.\u05d0"
  })
  void refusesLabelsThatADomainMayNotHave(String name, String input) {
    assertThatThrownBy(() -> host(input)).isInstanceOf(SyntaxError.class);
  }

  /** Examples of RFC 3492 §7.1, without their capitals. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "Arabic, \u0644\u064a\u0647\u0645\u0627\u0628\u062a\u0643\u0644\u0645\u0648\u0634\u0639\u0631\u0628\u064a\u061f, egbpdaj6bu4bxfgehfvwxn",
    "Chinese, \u4ed6\u4eec\u4e3a\u4ec0\u4e48\u4e0d\u8bf4\u4e2d\u6587, ihqwcrb4cv8a8dqg056pqjye",
    "Japanese, 3\u5e74b\u7d44\u91d1\u516b\u5148\u751f, 3b-ww4c5e180e575a65lsy2b",
    "letters and hyphens, \u5b89\u5ba4\u5948\u7f8e\u6075-with-super-monkeys, -with-super-monkeys-pc58ag80a8qai00g7n9n",
    "symbols of ASCII, -> $1.00 <-, -> $1.00 <--"
  })
  void writesAndReadsTheExamplesOfPunycode(String name, String label, String punycode) {
    assertThat(Punycode.encode(label)).isEqualTo(punycode);
    assertThat(Punycode.decode(punycode)).isEqualTo(label);
  }

  @Test
  void readsBackWhateverPunycodeItWrites() {
    Random random = new Random(SEED);
    for (int round = 0; round < 3_000; round++) {
      StringBuilder label = new StringBuilder();
      for (int i = 1 + random.nextInt(12); i > 0; i--) {
        int limit = random.nextBoolean() ? 0x80 : random.nextBoolean() ? 0x3000 : 0x110000;
        int c = random.nextInt(limit);
        if (c < 0xD800 || c > 0xDFFF) {
          label.appendCodePoint(c);
        }
      }
      assertThat(Punycode.decode(Punycode.encode(label.toString())))
          .as("seed %d, round %d", SEED, round)
          .isEqualTo(label.toString());
    }
  }
}
