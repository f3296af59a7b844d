package dev.weir.websocket.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.streams.SyntaxError;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tables of the JavaScript class URL, in the module graaljs, show the rest. */
class UrlTest {
  @Test
  void hasPartsOfAnyScheme() {
    Url url = Url.parse("foo://me:pw@host:99/a/../b?q#f", null);

    assertThat(url.href()).isEqualTo("foo://me:pw@host:99/b?q#f");
    assertThat(url.protocol()).isEqualTo("foo:");
    assertThat(url.username()).isEqualTo("me");
    assertThat(url.password()).isEqualTo("pw");
    assertThat(url.host()).isEqualTo("host:99");
    assertThat(url.hostname()).isEqualTo("host");
    assertThat(url.port()).isEqualTo("99");
    assertThat(url.pathname()).isEqualTo("/b");
    assertThat(url.search()).isEqualTo("?q");
    assertThat(url.hash()).isEqualTo("#f");
    assertThat(url.origin()).isEqualTo("null");
  }

  @Test
  void isParsedAgainstABaseOfAnyScheme() {
    assertThat(Url.parse("../x", "file:///a/b/c").href()).isEqualTo("file:///a/x");
    assertThat(Url.parse("#f", "mailto:a@b").href()).isEqualTo("mailto:a@b#f");
  }

  @Test
  void keepsThePathOfAUrlWithoutHostFromReadingAsOne() {
    Url url = Url.parse("foo:/x", null);

    url.pathname("//y");

    assertThat(url.href()).isEqualTo("foo:/.//y");
    assertThat(Url.parse(url.href(), null).pathname()).isEqualTo("//y");
  }

  @Test
  void staysAsItWasWhereASetterFails() {
    Url url = Url.parse("https://example.com:8080/", null);

    url.host("a b");
    url.port("x");
    url.protocol("foo");

    assertThat(url.href()).isEqualTo("https://example.com:8080/");
    assertThatThrownBy(() -> url.href("nothing")).isInstanceOf(SyntaxError.class);
    assertThat(url.href()).isEqualTo("https://example.com:8080/");
  }

  @Test
  void isTheSameWhenParsedAgain() {
    for (String text :
        List.of(
            "https://ü.example/ü?ü#ü",
            "file:C|/x",
            "data:,a b?c d#e f",
            "foo:/..//a",
            "foo://%41é:1?'#`",
            "mailto:a b #c")) {
      String href = Url.parse(text, null).href();
      assertThat(Url.parse(href, null).href()).as(text).isEqualTo(href);
    }
  }

  @Test
  void formsAreTheSameWhenParsedAgain() {
    List<String> pairs = List.of("a b", "ü&=+%", "", "", "x", "*-._~");

    String form = FormEncoding.serialize(pairs);

    assertThat(form).isEqualTo("a+b=%C3%BC%26%3D%2B%25&=&x=*-._%7E");
    assertThat(FormEncoding.parse(form)).isEqualTo(pairs);
  }

  @Test
  void formsHaveAValueForEachName() {
    assertThatThrownBy(() -> FormEncoding.serialize(List.of("a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected names and values in turn but was a list of 1");
  }
}
