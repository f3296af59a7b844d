package dev.weir.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/**
 * The request headers that the command line asks for: given there, or kept out of it in a file or
 * in the environment. Not thread-safe.
 */
final class HeaderOptions {
  @Option(
      names = {"-H", "--header"},
      paramLabel = "NAME:VALUE|@FILE",
      description = {
        "Send this header with the opening handshake. @FILE reads headers from a file, one per"
            + " line, so that secrets stay off the command line; empty lines and those that begin"
            + " with # are skipped. May be given several times."
      })
  private List<String> given = new ArrayList<>();

  @Option(
      names = "--header-env",
      paramLabel = "NAME=VARIABLE",
      description = {
        "Send a header whose value is that of an environment variable, such as"
            + " Authorization=API_AUTH. May be given several times."
      })
  private List<String> fromEnvironment = new ArrayList<>();

  @Option(
      names = "--cookie",
      paramLabel = "NAME=VALUE",
      description = {
        "Send this cookie. May be given several times; -H @FILE keeps a Cookie header off the"
            + " command line."
      })
  private List<String> cookies = new ArrayList<>();

  /** One header field. */
  record Field(String name, String value) {}

  /**
   * All of them, in order.
   *
   * @throws UsageException if one is no header
   * @throws IOException if a file can not be read
   */
  List<Field> fields(Map<String, String> environment) throws IOException {
    var fields = new ArrayList<Field>();
    for (String header : given) {
      if (header.startsWith("@")) {
        Path file = Path.of(header.substring(1));
        int number = 0;
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
          number++;
          if (!line.isBlank() && !line.startsWith("#")) {
            fields.add(parse(line, "line " + number + " of " + file));
          }
        }
      } else {
        fields.add(parse(header, "-H"));
      }
    }
    for (String header : fromEnvironment) {
      int equals = header.indexOf('=');
      if (equals <= 0) {
        throw new UsageException("--header-env: expected NAME=VARIABLE but was " + header);
      }
      String variable = header.substring(equals + 1);
      String value = environment.get(variable);
      if (value == null) {
        throw new UsageException("--header-env: there is no environment variable " + variable);
      }
      fields.add(new Field(header.substring(0, equals), value.strip()));
    }
    for (String cookie : cookies) {
      // A semicolon would make two of one.
      if (cookie.indexOf('=') <= 0 || cookie.indexOf(';') >= 0) {
        throw new UsageException("--cookie: expected one NAME=VALUE");
      }
      fields.add(new Field("Cookie", cookie));
    }
    return fields;
  }

  /** The text of a line of a file is not repeated in an error: it may be a secret. */
  private static Field parse(String header, String where) {
    int colon = header.indexOf(':');
    if (colon <= 0) {
      throw new UsageException(where + ": expected NAME: VALUE but there is no colon after a name");
    }
    return new Field(header.substring(0, colon).strip(), header.substring(colon + 1).strip());
  }
}
