package dev.weir.websocket.url;

import java.util.ArrayList;
import java.util.List;

/**
 * The path of a URL that is being parsed, as segments, with what the URL Standard knows of dots and
 * of Windows' drive letters. Not thread-safe.
 *
 * @see <a href="https://url.spec.whatwg.org/#url-path">URL, path</a>
 */
final class UrlPath {
  private final List<String> segments = new ArrayList<>();

  void add(String segment) {
    segments.add(segment);
  }

  void replace(List<String> other) {
    segments.clear();
    segments.addAll(other);
  }

  boolean isEmpty() {
    return segments.isEmpty();
  }

  List<String> segments() {
    return segments;
  }

  /** "Shorten a url's path": a file's drive letter stays. */
  void shorten(boolean file) {
    if (file && segments.size() == 1 && isNormalizedDriveLetter(segments.get(0))) {
      return;
    }
    if (!segments.isEmpty()) {
      segments.remove(segments.size() - 1);
    }
  }

  static boolean isSingleDot(String segment) {
    return segment.equals(".") || segment.equalsIgnoreCase("%2e");
  }

  static boolean isDoubleDot(String segment) {
    return segment.equals("..")
        || segment.equalsIgnoreCase(".%2e")
        || segment.equalsIgnoreCase("%2e.")
        || segment.equalsIgnoreCase("%2e%2e");
  }

  /** A letter and a colon or bar, and nothing else. */
  static boolean isDriveLetter(CharSequence text) {
    return text.length() == 2
        && isAlpha(text.charAt(0))
        && (text.charAt(1) == ':' || text.charAt(1) == '|');
  }

  static boolean isNormalizedDriveLetter(CharSequence text) {
    return isDriveLetter(text) && text.charAt(1) == ':';
  }

  /** Whether the code points from there on start with a drive letter that something ends. */
  static boolean startsWithDriveLetter(int[] input, int from) {
    if (from < 0 || input.length - from < 2) {
      return false;
    }
    if (!isAlpha(input[from]) || (input[from + 1] != ':' && input[from + 1] != '|')) {
      return false;
    }
    return input.length - from == 2 || "/\\?#".indexOf(input[from + 2]) >= 0;
  }

  private static boolean isAlpha(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
