package dev.weir.benchmarks.peers.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a run was made with. Stateless. */
final class Versions {
  private static final List<String> JARS =
      List.of(
          "netty-transport-",
          "vertx-core-",
          "undertow-core-",
          "jetty-server-",
          "helidon-webserver-4",
          "Java-WebSocket-",
          "okhttp-jvm-",
          "nv-websocket-client-",
          "tyrus-standalone-client-");

  private Versions() {}

  /** Lines of a Markdown list. */
  static String list(Plan plan) {
    var out = new StringBuilder();
    line(
        out, "Java", System.getProperty("java.vm.name") + ' ' + System.getProperty("java.version"));
    line(
        out,
        "system",
        System.getProperty("os.name")
            + ' '
            + System.getProperty("os.version")
            + ", "
            + processor());
    line(
        out,
        "flags of each Java process under test",
        "`" + String.join(" ", Plan.javaFlags()) + "`");
    line(
        out,
        "processes under test",
        plan.core().isEmpty() ? "on any processor" : "each on processor " + plan.core() + " alone");
    line(
        out,
        "rounds",
        plan.rounds()
            + " of "
            + plan.windowSeconds()
            + " s each, after "
            + plan.warmUpSeconds()
            + " s of warm-up");
    line(out, "peers", jars() + ", ws " + ws(plan.root()));
    return out.toString();
  }

  private static void line(StringBuilder out, String name, String said) {
    out.append("- ").append(name).append(": ").append(said).append('\n');
  }

  private static String jars() {
    return Arrays.stream(System.getProperty("java.class.path").split(":"))
        .flatMap(entry -> entry.endsWith("*") ? files(entry).stream() : List.of(entry).stream())
        .map(entry -> Path.of(entry).getFileName().toString())
        .filter(name -> JARS.stream().anyMatch(name::startsWith))
        .filter(name -> !name.contains("native") && !name.contains("classes"))
        .map(name -> name.replaceFirst("\\.jar$", "").replaceFirst("-(\\d)", " $1"))
        .sorted()
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static List<String> files(String wildcard) {
    try (var all = Files.list(Path.of(wildcard).getParent())) {
      return all.map(Path::toString).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static String processor() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8).stream()
              .filter(line -> line.startsWith("model name"))
              .map(line -> line.substring(line.indexOf(':') + 1).strip())
              .findFirst()
              .orElse("unknown processor")
          + ", "
          + Files.readAllLines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8).stream()
              .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("processor"))
              .count()
          + " cores";
    } catch (IOException e) {
      return "unknown processor";
    }
  }

  private static String ws(Path root) {
    try {
      String json = Files.readString(root.resolve("interop/node/package.json"));
      return json.replaceFirst("(?s).*\"ws\": \"([^\"]+)\".*", "$1");
    } catch (IOException e) {
      return "unknown";
    }
  }
}
