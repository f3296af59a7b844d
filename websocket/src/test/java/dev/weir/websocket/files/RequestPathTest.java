package dev.weir.websocket.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPathTest {
  @Test
  void readsNamesAndFolders() {
    assertThat(RequestPath.read("/")).contains(new RequestPath(List.of(), true));
    assertThat(RequestPath.read("/a")).contains(new RequestPath(List.of("a"), false));
    assertThat(RequestPath.read("/a%20b/%C3%A9/"))
        .contains(new RequestPath(List.of("a b", "\u00e9"), true));
    assertThat(RequestPath.read("/a+b;c=d")).contains(new RequestPath(List.of("a+b;c=d"), false));
    // Decoded once, not until nothing is left to decode.
    assertThat(RequestPath.read("/%252e%252e")).contains(new RequestPath(List.of("%2e%2e"), false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "//",
        "//a",
        "/a//b",
        "/a//",
        "/.",
        "/..",
        "/../a",
        "/a/..",
        "/a/../b",
        "/%2e%2e/a",
        "/%2E./a",
        "/.%2e",
        "/a%2fb",
        "/..%2fa",
        "/%2f",
        "/a\\b",
        "/..\\a",
        "/a%5cb",
        "/%5C..%5Ca",
        "/a%00",
        "/a%00.html",
        "/a%0d%0ab",
        "/a%7f",
        "/.git/config",
        "/.env",
        "/a/%2ehidden",
        "/%",
        "/%2",
        "/%zz",
        "/%+1",
        "/%c0%ae%c0%ae/a",
        "/%ff",
        "/%ed%a0%80",
      })
  void findsNoNameInWhatCouldLeadElsewhere(String path) {
    assertThat(RequestPath.read(path)).isEmpty();
  }

  @Test
  void neverLeadsOutOfItsFolder() {
    long seed = 20261121;
    Random random = new Random(seed);
    String[] pieces = {
      "/", ".", "..", "%2e", "%2E", "%2f", "%5c", "\\", "a", "%00", "%c0%ae", "%", ":", "C:", "~",
      "+"
    };
    Path root = Path.of("/srv/files");
    int read = 0;
    for (int round = 0; round < 50_000; round++) {
      StringBuilder path = new StringBuilder("/");
      for (int i = random.nextInt(8); i > 0; i--) {
        path.append(pieces[random.nextInt(pieces.length)]);
      }
      Optional<RequestPath> asked = RequestPath.read(path.toString());
      if (asked.isPresent()) {
        read++;
        Path found = root;
        for (String name : asked.get().names()) {
          found = found.resolve(name);
        }
        assertThat(found.normalize().toString())
            .as("seed %d, round %d, path %s", seed, round, path)
            .isEqualTo(found.toString())
            .startsWith(root.toString());
      }
    }
    assertThat(read).isGreaterThan(5_000);
  }
}
