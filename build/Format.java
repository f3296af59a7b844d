import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks or applies google-java-format to every Java file below a folder. Run by the build in the
 * selected JDK: {@code Format check|apply FOLDER}.
 */
final class Format {
  public static void main(String[] arguments) throws Exception {
    boolean apply =
        switch (arguments[0]) {
          case "check" -> false;
          case "apply" -> true;
          default ->
              throw new IllegalArgumentException(
                  "expected -Dformat=check or -Dformat=apply but was " + arguments[0]);
        };
    Path root = Path.of(arguments[1]);
    List<Path> files;
    try (var found = Files.walk(root)) {
      files =
          found
              .filter(file -> file.toString().endsWith(".java"))
              .filter(
                  file ->
                      !root.relativize(file)
                          .toString()
                          .matches("(.*/)?(target|node_modules|\\..*)/.*"))
              .sorted()
              .toList();
    }
    var formatter = new Formatter(JavaFormatterOptions.defaultOptions());
    var unformatted = new ArrayList<Path>();
    for (Path file : files) {
      String before = Files.readString(file);
      String after;
      try {
        after =
            formatter.formatSource(
                RemoveUnusedImports.removeUnusedImports(
                    ImportOrderer.reorderImports(before, JavaFormatterOptions.Style.GOOGLE)));
      } catch (Exception e) {
        throw new IllegalStateException(file + " can not be formatted: " + e.getMessage(), e);
      }
      if (!after.equals(before)) {
        unformatted.add(root.relativize(file));
        if (apply) {
          Files.writeString(file, after);
        }
      }
    }
    if (!unformatted.isEmpty() && !apply) {
      System.err.println("Not in google-java-format (run: mvn -N validate -Dformat=apply):");
      unformatted.forEach(file -> System.err.println("  " + file));
      System.exit(1);
    }
  }
}
