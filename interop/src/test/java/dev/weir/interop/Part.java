package dev.weir.interop;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** A part of the machine that tests need and the build does not bring. Immutable. */
enum Part {
  NODE("Node.js (node) is not on the path", "node"),
  CHROMIUM("Chromium is not on the path", "chromium", "chromium-browser", "google-chrome"),
  WS("the npm package ws is not installed (run: npm ci --prefix interop/node)") {
    @Override
    boolean isPresent() {
      return Files.exists(NODE_FOLDER.resolve("node_modules/ws/package.json"));
    }
  },
  LOW_PORTS("the ports 80 and 443 of 127.0.0.1 can not be bound") {
    @Override
    boolean isPresent() {
      return canBind(80) && canBind(443);
    }
  };

  /** Where the scripts that Node.js runs are. */
  static final Path NODE_FOLDER = Path.of("node").toAbsolutePath();

  private final String missing;
  private final String[] names;

  Part(String missing, String... names) {
    this.missing = missing;
    this.names = names;
  }

  boolean isPresent() {
    return find().isPresent();
  }

  /** What to tell somebody who lacks it. */
  String missing() {
    return missing;
  }

  /** Its program. */
  Path program() {
    return find().orElseThrow(() -> new IllegalStateException(missing));
  }

  private static boolean canBind(int port) {
    try (var listener = new ServerSocket()) {
      listener.bind(new InetSocketAddress("127.0.0.1", port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private Optional<Path> find() {
    return Arrays.stream(names)
        .flatMap(
            name ->
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
