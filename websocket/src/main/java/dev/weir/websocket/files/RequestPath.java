package dev.weir.websocket.files;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The path of a request as names of files: percent-decoded, and with nothing in it that could lead
 * elsewhere. Immutable.
 *
 * @param names of folders and, unless {@code folder}, of a file at the end
 * @param folder whether it ends with a slash
 */
record RequestPath(List<String> names, boolean folder) {
  /**
   * Reads a path that begins with a slash; empty if it has no file's name. Those that lead upward
   * or stay (.. and .), are empty (//), hidden (.git), or hold a slash, a backslash, a NUL or
   * another control character after decoding have none.
   */
  static Optional<RequestPath> read(String path) {
    if (!path.startsWith("/")) {
      return Optional.empty();
    }
    if (path.length() == 1) {
      return Optional.of(new RequestPath(List.of(), true));
    }
    boolean folder = path.endsWith("/");
    List<String> names = new ArrayList<>();
    for (String segment : path.substring(1, path.length() - (folder ? 1 : 0)).split("/", -1)) {
      Optional<String> name = decoded(segment);
      if (name.isEmpty() || !isName(name.get())) {
        return Optional.empty();
      }
      names.add(name.get());
    }
    return Optional.of(new RequestPath(List.copyOf(names), folder));
  }

  /** The name at the end, or that of a folder's file. */
  String fileName(String inFolder) {
    return folder ? inFolder : names.get(names.size() - 1);
  }

  private static boolean isName(String text) {
    return !text.isEmpty()
        && !text.startsWith(".")
        && text.chars().noneMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c));
  }

  /** Empty if a percent sign begins no byte, or the bytes are no UTF-8. */
  private static Optional<String> decoded(String segment) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(segment.length());
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      if (c != '%') {
        bytes.write(c);
        continue;
      }
      int high = i + 2 < segment.length() ? hex(segment.charAt(i + 1)) : -1;
      int low = high < 0 ? -1 : hex(segment.charAt(i + 2));
      if (low < 0) {
        return Optional.empty();
      }
      bytes.write(high << 4 | low);
      i += 2;
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes.toByteArray()))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static int hex(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }
}
