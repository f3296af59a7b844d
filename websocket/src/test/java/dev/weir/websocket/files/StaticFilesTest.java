package dev.weir.websocket.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.weir.protocol.handshake.Headers;
import dev.weir.protocol.handshake.PlainRequest;
import dev.weir.websocket.spi.PlainResponse;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StaticFilesTest {
  private static final Instant NOW = Instant.parse("2026-11-01T09:05:07Z");
  private static final Instant WRITTEN = Instant.parse("2026-02-03T04:05:06.789Z");

  @TempDir Path folder;
  private Path root;
  private StaticFiles files;

  @BeforeEach
  void makeFiles() throws IOException {
    root = Files.createDirectory(folder.resolve("root"));
    write("index.html", "<p>hello");
    write("chat/index.html", "chat");
    write("chat/chat.js", "let a;");
    write("empty/.keep", "");
    write(".secret", "hush");
    Files.writeString(folder.resolve("outside.txt"), "outside");
    Files.setLastModifiedTime(root.resolve("index.html"), FileTime.from(WRITTEN));
    files = new StaticFiles(root, () -> NOW);
  }

  private Path write(String name, String content) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  /** An answer as a test looks at it. */
  private record Answer(int status, Headers headers, long length, String content) {
    String header(String name) {
      return headers.first(name).orElse(null);
    }
  }

  private Answer ask(String method, String target, String... headers) throws IOException {
    try (PlainResponse response =
        files.respond(new PlainRequest(method, target, Headers.of(headers)))) {
      return new Answer(
          response.status(),
          response.headers(),
          response.length(),
          new String(response.content().readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void answersWithTheFileAndWhatABrowserNeedsToKnow() throws IOException {
    Answer answer = ask("GET", "/index.html?a=b");
    assertThat(answer.status).isEqualTo(200);
    assertThat(answer.content).isEqualTo("<p>hello");
    assertThat(answer.length).isEqualTo(8);
    assertThat(answer.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.header("Last-Modified")).isEqualTo("Tue, 03 Feb 2026 04:05:06 GMT");
    assertThat(answer.header("Date")).isEqualTo("Sun, 01 Nov 2026 09:05:07 GMT");
    assertThat(answer.header("ETag")).matches("W/\"[0-9a-f.-]+\"");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
  }

  @Test
  void answersHeadAsGetButWithoutContent() throws IOException {
    Answer get = ask("GET", "/chat/chat.js");
    Answer head = ask("HEAD", "/chat/chat.js");
    assertThat(head).isEqualTo(new Answer(200, get.headers, 6, ""));
    assertThat(ask("HEAD", "/none").content).isEmpty();
    assertThat(ask("HEAD", "/none").status).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "get"})
  void refusesOtherMethods(String method) throws IOException {
    Answer answer = ask(method, "/index.html");
    assertThat(answer.status).isEqualTo(405);
    assertThat(answer.header("Allow")).isEqualTo("GET, HEAD");
    assertThat(answer.content).doesNotContain("hello");
  }

  @Test
  void takesAFolderForItsIndex() throws IOException {
    assertThat(ask("GET", "/").content).isEqualTo("<p>hello");
    assertThat(ask("GET", "/chat/").content).isEqualTo("chat");
    assertThat(ask("GET", "/chat/").header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    Answer without = ask("GET", "/chat?room=1");
    assertThat(without.status).isEqualTo(301);
    assertThat(without.header("Location")).isEqualTo("/chat/?room=1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/none",
        "/none/",
        "/chat/none.js",
        "/index.html/",
        "/index.html/more",
        "/empty",
        "/empty/",
        "/.secret",
        "/empty/.keep",
        "/../outside.txt",
        "/%2e%2e/outside.txt",
        "/..%2foutside.txt",
        "/chat/..%5c..%5coutside.txt",
        "/index.html%00.js",
        "//outside.txt",
        "/CON:/x",
      })
  void findsNothingElse(String target) throws IOException {
    Answer answer = ask("GET", target);
    assertThat(answer.status).isEqualTo(404);
    assertThat(answer.header("Location")).isNull();
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
  }

  @Test
  void findsNothingUnderANameThatIsTooLongForTheSystem() throws IOException {
    assertThat(ask("GET", "/" + "a".repeat(5_000)).status).isEqualTo(404);
  }

  @Test
  void followsLinksThatStayWithinAndNoneThatLeadOut() throws IOException {
    Files.createSymbolicLink(root.resolve("again.js"), Path.of("chat/chat.js"));
    Files.createSymbolicLink(root.resolve("out.txt"), Path.of("../outside.txt"));
    Files.createSymbolicLink(root.resolve("away"), folder);
    Files.createSymbolicLink(root.resolve("circle"), Path.of("circle"));
    Files.createSymbolicLink(root.resolve("dangling"), Path.of("nothing"));
    assertThat(ask("GET", "/again.js").content).isEqualTo("let a;");
    for (String target :
        new String[] {"/out.txt", "/away/outside.txt", "/away", "/circle", "/dangling"}) {
      Answer answer = ask("GET", target);
      assertThat(answer.status).as(target).isEqualTo(404);
      assertThat(answer.content).as(target).doesNotContain("outside");
    }
  }

  @Test
  void followsNoLinkToWhatIsHidden() throws IOException {
    write(".git/config", "hush");
    write("empty/.index.html", "hush");
    Files.createSymbolicLink(root.resolve("secret.txt"), Path.of(".secret"));
    Files.createSymbolicLink(root.resolve("config.txt"), Path.of(".git/config"));
    Files.createSymbolicLink(root.resolve("git"), Path.of(".git"));
    Files.createSymbolicLink(root.resolve("empty/index.html"), Path.of(".index.html"));
    for (String target :
        new String[] {"/secret.txt", "/config.txt", "/git/config", "/empty/", "/empty"}) {
      Answer answer = ask("GET", target);
      assertThat(answer.status).as(target).isEqualTo(404);
      assertThat(answer.content).as(target).doesNotContain("hush");
    }
  }

  @Test
  void servesAFolderBelowAHiddenOne() throws IOException {
    Path hidden = Files.createDirectories(folder.resolve(".site/pages"));
    Files.writeString(hidden.resolve("page.html"), "page");
    files = new StaticFiles(hidden, () -> NOW);
    assertThat(ask("GET", "/page.html").content).isEqualTo("page");
  }

  @Test
  void servesAFolderThatIsItselfALink() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), root);
    files = new StaticFiles(link, () -> NOW);
    assertThat(ask("GET", "/chat/chat.js").content).isEqualTo("let a;");
  }

  @Test
  void waitsForNoPipe() throws Exception {
    Process made = new ProcessBuilder("mkfifo", root.resolve("pipe").toString()).start();
    assertThat(made.waitFor()).isZero();
    assertThat(ask("GET", "/pipe").status).isEqualTo(404);
  }

  @Test
  void refusesWhatItMayNotRead() throws IOException {
    Path locked = write("locked.txt", "hush");
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));
    assumeFalse(Files.isReadable(locked), "this user may read all");
    assertThat(ask("GET", "/locked.txt").status).isEqualTo(403);
  }

  @Test
  void answersWithNothingWhereTheClientHasTheFile() throws IOException {
    String tag = ask("GET", "/index.html").header("ETag");
    for (String[] headers :
        new String[][] {
          {"If-None-Match", tag},
          {"If-None-Match", "\"x\", " + tag},
          {"If-None-Match", tag.substring(2)},
          {"If-None-Match", "*"},
          {"If-Modified-Since", "Tue, 03 Feb 2026 04:05:06 GMT"},
          {"If-Modified-Since", "Tue, 3 Mar 2026 00:00:00 GMT"},
          // The obsolete forms, which a recipient must accept (RFC 9110 §5.6.7).
          {"If-Modified-Since", "Tuesday, 03-Feb-26 04:05:06 GMT"},
          {"If-Modified-Since", "Tue Feb  3 04:05:06 2026"},
          {"If-Modified-Since", "Tue Mar 10 04:05:06 2026"},
          // 50 years ahead, and no more, is not the past century.
          {"If-Modified-Since", "Friday, 06-Nov-76 08:49:37 GMT"},
        }) {
      Answer answer = ask("GET", "/index.html", headers);
      assertThat(answer.status).as(headers[1]).isEqualTo(304);
      assertThat(answer.content).isEmpty();
      assertThat(answer.header("ETag")).isEqualTo(tag);
      assertThat(answer.header("Content-Type")).isNull();
    }
  }

  @Test
  void answersWithTheFileWhereTheClientHasAnother() throws IOException {
    for (String[] headers :
        new String[][] {
          {"If-None-Match", "\"x\""},
          {"If-Modified-Since", "Tue, 03 Feb 2026 04:05:05 GMT"},
          {"If-Modified-Since", "Tuesday, 03-Feb-26 04:05:05 GMT"},
          {"If-Modified-Since", "Tue Feb  3 04:05:05 2026"},
          // 1977; in 2077 it is a Saturday.
          {"If-Modified-Since", "Sunday, 06-Nov-77 08:49:37 GMT"},
          {"If-Modified-Since", "Saturday, 06-Nov-77 08:49:37 GMT"},
          {"If-Modified-Since", "Sunday, 06-Nov-94 08:49:37 GMT"},
          {"If-Modified-Since", "yesterday"},
          // The tag goes before the date.
          {"If-None-Match", "\"x\"", "If-Modified-Since", "Tue, 3 Mar 2026 00:00:00 GMT"},
        }) {
      assertThat(ask("GET", "/index.html", headers).status).as(headers[1]).isEqualTo(200);
    }
    String tag = ask("GET", "/index.html").header("ETag");
    write("index.html", "<p>other");
    Files.setLastModifiedTime(root.resolve("index.html"), FileTime.from(WRITTEN.plusMillis(1)));
    assertThat(ask("GET", "/index.html", "If-None-Match", tag).content).isEqualTo("<p>other");
  }

  @ParameterizedTest
  @CsvSource({
    "a.html, text/html; charset=utf-8",
    "a.HTM, text/html; charset=utf-8",
    "a.min.js, text/javascript; charset=utf-8",
    "a.mjs, text/javascript; charset=utf-8",
    "a.css, text/css; charset=utf-8",
    "a.txt, text/plain; charset=utf-8",
    "a.json, application/json",
    "a.js.map, application/json",
    "a.svg, image/svg+xml",
    "a.png, image/png",
    "a.jpg, image/jpeg",
    "a.ico, image/x-icon",
    "a.wasm, application/wasm",
    "a.unheard, application/octet-stream",
    "html, application/octet-stream",
  })
  void tellsTheTypeByTheName(String name, String type) throws IOException {
    write(name, "x");
    assertThat(ask("GET", "/" + name).header("Content-Type")).isEqualTo(type);
  }

  @Test
  void servesNoFolderThatIsNone() {
    assertThatThrownBy(() -> new StaticFiles(folder.resolve("none"), () -> NOW))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessage("there is no folder " + folder.resolve("none"));
    assertThatThrownBy(() -> new StaticFiles(folder.resolve("outside.txt"), () -> NOW))
        .isInstanceOf(NotDirectoryException.class);
  }
}
