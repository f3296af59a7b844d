package dev.weir.websocket.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.conformance.Rule;
import dev.weir.streams.SyntaxError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Rule("S1")
class HostTest {
  private static String host(String host) {
    return WebSocketUrl.parse("ws://" + host + "/").host();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "capitals, EXAMPLE.Com, example.com",
    "percent-encoded, ex%61mple%2Ecom, example.com",
    "a dot at the end, example.com., example.com.",
    "empty labels, a..b, a..b",
    "hyphens and underscores, -a_b-.c--d, -a_b-.c--d",
    "other characters that are allowed, a!b$c&d'(e)*+f;g=h~`{}, a!b$c&d'(e)*+f;g=h~`{}",
    "a number that does not end it, 1.example, 1.example",
    "a name that ends in no number, 1.2.3.4a, 1.2.3.4a",
    "a name that looks like hexadecimal, 0xg, 0xg"
  })
  void takesDomains(String name, String input, String expected) {
    assertThat(host(input)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "four numbers, 192.168.0.1, 192.168.0.1",
    "a dot at the end, 192.168.0.1., 192.168.0.1",
    "one number, 3232235521, 192.168.0.1",
    "two numbers, 192.11010049, 192.168.0.1",
    "three numbers, 192.168.1, 192.168.0.1",
    "octal, 0300.0250.00.01, 192.168.0.1",
    "hexadecimal, 0xC0.0xa8.0X0.0x1, 192.168.0.1",
    "hexadecimal without digits, 0x.0x.0, 0.0.0.0",
    "zero, 0, 0.0.0.0",
    "the largest, 4294967295, 255.255.255.255",
    "percent-encoded, %31%32%37.0.0.1, 127.0.0.1",
    "many zeros, 000000000000000000000000000001, 0.0.0.1"
  })
  void takesIpv4Addresses(String name, String input, String expected) {
    assertThat(host(input)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.2.3.4.5",
        "256.1.1.1",
        "1.256.1",
        "1.2.3.256",
        "1.2.65536",
        "1.16777216",
        "4294967296",
        "99999999999999999999",
        "1..2",
        ".1",
        "a.1",
        "a.0x1",
        "09",
        "1.2.3.08",
        "0x1g.1",
        "a.09",
        "1.2.3.4..5"
      })
  void refusesWhatEndsInANumberButIsNoIpv4Address(String input) {
    assertThatThrownBy(() -> host(input))
        .isInstanceOf(SyntaxError.class)
        .hasMessage(
            "expected an IPv4 address, since the host ends in a number, but was \"" + input + "\"");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "the shortest, [::], [::]",
    "loopback, [0:0:0:0:0:0:0:1], [::1]",
    "zeros before digits and capitals, [2001:0DB8::00aB], [2001:db8::ab]",
    "no zeros, [1:2:3:4:5:6:7:8], [1:2:3:4:5:6:7:8]",
    "compressed at the start, [::2:3:4:5:6:7:8], [0:2:3:4:5:6:7:8]",
    "compressed at the end, [1:2:3:4:5:6:7::], [1:2:3:4:5:6:7:0]",
    "the first of two equal runs, [1:0:0:2:0:0:3:4], [1::2:0:0:3:4]",
    "the longer of two runs, [1:0:0:2:0:0:0:3], [1:0:0:2::3]",
    "a run at the end, [1:0:2::], [1:0:2::]",
    "a single zero, [1:0:2:3:4:5:6:7], [1:0:2:3:4:5:6:7]",
    "an IPv4 address at the end, [::ffff:192.168.0.1], [::ffff:c0a8:1]",
    "an IPv4 address alone, [::1.2.3.4], [::102:304]",
    "an IPv4 address after six pieces, [1:2:3:4:5:6:7.8.9.10], [1:2:3:4:5:6:708:90a]"
  })
  void takesIpv6Addresses(String name, String input, String expected) {
    assertThat(host(input)).isEqualTo(expected);
    assertThat(host(expected)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "[",
        "[:]",
        "[:::]",
        "[1]",
        "[:1::]",
        "[1:2:3:4:5:6:7]",
        "[1:2:3:4:5:6:7:8:9]",
        "[1::2::3]",
        "[1:2:3:4:5:6:7:8::]",
        "[12345::]",
        "[g::]",
        "[::1",
        "[::1]x",
        "[::1%25eth0]",
        "[::1%eth0]",
        "[1:]",
        "[::1:]",
        "[::.1.2.3]",
        "[::1.2.3]",
        "[::1.2.3.4.5]",
        "[::1.2.3.256]",
        "[::1.2.3.04]",
        "[::1.2.3.]",
        "[::1.2.3.4:5]",
        "[1:2:3:4:5:6:7:1.2.3.4]",
        "[::1.2.x.4]",
        "[::%31]",
        "[\u0661::]",
        "[::1 ]"
      })
  void refusesWhatIsNoIpv6Address(String input) {
    assertThatThrownBy(() -> host(input))
        .isInstanceOf(SyntaxError.class)
        .hasMessageStartingWith("expected an IPv6 address in brackets but was \"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b",
        "a<b",
        "a>b",
        "a^b",
        "a|b",
        "a[b",
        "a]b",
        "a%b",
        "a%zzb",
        "a%00b",
        "a%20b",
        "a%23b",
        "a%2fb",
        "a%3ab",
        "a%3fb",
        "a%40b",
        "a%5bb",
        "a%5cb",
        "a%25b",
        "a%7fb",
        "a\u0001b",
        "a\u007fb",
        "a%0Ab",
        "::1",
        "a\uff0fb",
        "a\u00a0b"
      })
  void refusesForbiddenCharacters(String input) {
    // A colon is followed by a port, which is wrong too.
    assertThatThrownBy(() -> host(input))
        .isInstanceOf(SyntaxError.class)
        .hasMessageMatching(
            "expected a host( without the forbidden character U\\+00..)? but was .*");
  }

  @Test
  void refusesADomainOfIgnoredCharactersAlone() {
    assertThatThrownBy(() -> host("\u00ad"))
        .isInstanceOf(SyntaxError.class)
        .hasMessage("expected a host but was \"\\u00AD\"");
  }
}
