package dev.weir.graaljs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.graalvm.polyglot.Source;

/**
 * The JavaScript of this module, in the order in which it is run: each file is a function that is
 * given the object {@code weir}, which they share and no other script can reach. Stateless and so
 * thread-safe.
 */
final class ScriptFiles {
  private static final List<String> NAMES =
      List.of(
          "idl",
          "idl-interfaces",
          "bytes",
          "dom-exception",
          "event",
          "event-target",
          "event-handlers",
          "event-types",
          "global-errors",
          "abort",
          "timers",
          "inspect",
          "console",
          "encoding",
          "blob",
          "url",
          "clone",
          "location",
          "streams",
          "encoding-streams",
          "websocket-error",
          "websocket",
          "websocket-stream");

  /** A WebJar, of which the build puts this file into the jar of this module. */
  private static final String POLYFILL =
      "/META-INF/resources/webjars/web-streams-polyfill/3.3.3/dist/ponyfill.es2018.js";

  private ScriptFiles() {}

  static List<Source> all() {
    return Cached.FILES;
  }

  /** The polyfill of the Streams Standard, as {@code (exports, module, define) => {…}}. */
  static Source streams() {
    return Cached.STREAMS;
  }

  private static final class Cached {
    static final List<Source> FILES =
        NAMES.stream().filter(Cached::exists).map(Cached::file).toList();
    static final Source STREAMS =
        source(
            "web-streams-polyfill.js",
            "(function (exports, module, define, AbortController, DOMException) {"
                + read(POLYFILL)
                + "\n})");

    private static boolean exists(String name) {
      return ScriptFiles.class.getResource(name + ".js") != null;
    }

    private static Source file(String name) {
      return source(name + ".js", read("/dev/weir/graaljs/" + name + ".js"));
    }

    /** Internal: its frames do not show in the stacks of errors. */
    private static Source source(String name, String text) {
      return Source.newBuilder("js", text, "weir:" + name)
          .internal(true)
          .cached(true)
          .buildLiteral();
    }

    private static String read(String path) {
      try (InputStream in = ScriptFiles.class.getResourceAsStream(path)) {
        if (in == null) {
          throw new IllegalStateException("expected the resource " + path + " but it is missing");
        }
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
