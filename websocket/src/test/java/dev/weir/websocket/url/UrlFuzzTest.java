package dev.weir.websocket.url;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.streams.SyntaxError;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Any text is a URL that reads back as it was written, or a SyntaxError, and nothing else. */
@Rule("S1")
class UrlFuzzTest {
  private static final int ROUNDS = 15_000;
  private static final long SEED = 20_240_328;
  private static final String[] PIECES = {
    "ws:",
    "WSS:",
    "http:",
    "https:",
    "ftp:",
    "//",
    "/",
    "\\",
    "?",
    "#",
    "@",
    ":",
    ".",
    "..",
    "%2e",
    "%2E.",
    "a",
    "B",
    "80",
    "443",
    "65536",
    "0x7f",
    "127.0.0.1",
    "08",
    "[::1]",
    "[",
    "::",
    "1:2",
    "]",
    "xn--",
    "xn--1xa",
    "\u00e9",
    "\u00df",
    "\uff0e",
    "\t",
    "\n",
    " ",
    "%41",
    "%",
    "%zz",
    "|",
    "^",
    "`",
    "{",
    "\"",
    "'",
    "<",
    "\ud800",
    "\ud83d\ude00",
    "\u200d",
    "\u05d0",
    "%00",
    "%C3%A9"
  };
  private static final String[] BASES = {
    "ws://h/a/b?c", "https://u:p@x:8/d/", "http://h", "wss://[::1]:443/q#f"
  };

  private static final String[] ANY_SCHEME = {
    "", "", "file:", "file:///", "foo:", "foo://", "foo:/"
  };
  private static final String[] ANY_BASE = {
    "http://h/a/b?c", "file:///C:/a/b", "file://h/a", "foo:/a/b", "foo://h:1/a", "foo:a", "data:,x"
  };

  /** Not the scheme: a path may read otherwise as that of a file. */
  private static final List<BiConsumer<Url, String>> CHANGES =
      List.of(
          Url::username,
          Url::password,
          Url::host,
          Url::hostname,
          Url::port,
          Url::pathname,
          Url::search,
          Url::query,
          Url::hash);

  private final Random random = new Random(SEED);

  @Test
  void readsBackWhateverItWrites() {
    int parsed = 0;
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      String text = text();
      String base = random.nextBoolean() ? null : BASES[random.nextInt(BASES.length)];
      String state = "seed %d, round %d, url %s, base %s".formatted(SEED, round, text, base);
      WebSocketUrl url;
      try {
        url = WebSocketUrl.parse(text, base);
      } catch (SyntaxError e) {
        refused++;
        assertThat(e.getMessage()).as(state).startsWith("expected ").matches("[ -~]*");
        continue;
      }
      parsed++;
      assertThat(WebSocketUrl.parse(url.href())).as(state).isEqualTo(url);
      assertThat(url.href()).as(state).matches("wss?://[!-~]+");
      assertThat(url.requestTarget()).as(state).matches("/[!-~&&[^#]]*");
      assertThat(url.hostHeader()).as(state).matches("[!-~&&[^#/?@\\\\A-Z]]+");
      assertThat(url.toHttpUri().getScheme())
          .as(state)
          .isEqualTo(url.isSecure() ? "https" : "http");
    }
    assertThat(parsed).isGreaterThan(3_000);
    assertThat(refused).isGreaterThan(3_000);
  }

  @Test
  void readsBackUrlsOfAnySchemeAlsoAfterChanges() {
    int parsed = 0;
    for (int round = 0; round < ROUNDS; round++) {
      String text = ANY_SCHEME[random.nextInt(ANY_SCHEME.length)] + text();
      String base = random.nextBoolean() ? null : ANY_BASE[random.nextInt(ANY_BASE.length)];
      String state = "seed %d, round %d, url %s, base %s".formatted(SEED, round, text, base);
      Url url;
      try {
        url = Url.parse(text, base);
      } catch (SyntaxError e) {
        continue;
      }
      parsed++;
      assertReadsBack(url, state);
      for (int changes = 0; changes < 3; changes++) {
        String value = text();
        int part = random.nextInt(CHANGES.size());
        CHANGES.get(part).accept(url, value);
        state += ", change %d to %s".formatted(part, value);
        assertReadsBack(url, state);
      }
    }
    assertThat(parsed).isGreaterThan(3_000);
  }

  private static void assertReadsBack(Url url, String state) {
    Url again = Url.parse(url.href(), null);
    assertThat(again.href()).as(state).isEqualTo(url.href());
    assertThat(again.host()).as(state).isEqualTo(url.host());
    assertThat(again.pathname()).as(state).isEqualTo(url.pathname());
    assertThat(again.search()).as(state).isEqualTo(url.search());
    assertThat(again.hash()).as(state).isEqualTo(url.hash());
    assertThat(url.href()).as(state).matches("[ -~]+").doesNotEndWith(" ");
  }

  private String text() {
    StringBuilder text =
        new StringBuilder(
            switch (random.nextInt(4)) {
              case 0 -> "";
              case 1 -> "https://h";
              case 2 -> "ws:";
              default -> "ws://";
            });
    for (int i = random.nextInt(8); i > 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }
}
