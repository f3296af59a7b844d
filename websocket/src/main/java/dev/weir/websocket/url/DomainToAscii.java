package dev.weir.websocket.url;

import dev.weir.streams.SyntaxError;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The URL Standard's "domain to ASCII": UTS #46 ToASCII, not strict, non-transitional, with joiners
 * and bidirectional labels checked. Stateless and thread-safe.
 *
 * <p>It stands on the JDK's Unicode data; {@link IdnaMapping} and {@link JoinerRule} say where that
 * falls short of the tables of UTS #46.
 *
 * @see <a href="https://url.spec.whatwg.org/#concept-domain-to-ascii">URL, domain to ASCII</a>
 */
final class DomainToAscii {
  private static final String PREFIX = "xn--";

  private DomainToAscii() {}

  /**
   * The domain in ASCII and lower case.
   *
   * @throws SyntaxError if a label is not one that a domain may have
   */
  static String convert(String domain) {
    String lower = domain.toLowerCase(Locale.ROOT);
    // The standard's own short cut: an ASCII domain is only checked where a label is Punycode.
    if (isAscii(domain) && !lower.startsWith(PREFIX) && !lower.contains("." + PREFIX)) {
      return lower;
    }
    List<String> labels = new ArrayList<>();
    for (String label : IdnaMapping.map(domain).split("\\.", -1)) {
      labels.add(checked(label));
    }
    if (!BidiRule.isKept(labels)) {
      throw invalid("labels that keep the rule for right-to-left text", domain);
    }
    return labels.stream()
        .map(label -> isAscii(label) ? label : PREFIX + Punycode.encode(label))
        .collect(Collectors.joining("."));
  }

  /** The label in Unicode, if it is valid (UTS #46 §4, step 4). */
  private static String checked(String label) {
    @Nullable String unicode =
        label.startsWith(PREFIX) ? Punycode.decode(label.substring(PREFIX.length())) : label;
    if (unicode == null || (label.startsWith(PREFIX) && isAscii(unicode))) {
      throw invalid("Punycode after \"xn--\"", label);
    }
    if (!isAscii(unicode) && !isValid(unicode)) {
      throw invalid("a valid label", label);
    }
    return unicode;
  }

  /** The validity criteria of UTS #46 §4.1, with CheckHyphens false. */
  private static boolean isValid(String label) {
    return Normalizer.isNormalized(label, Form.NFC)
        && !label.startsWith(PREFIX)
        && label.indexOf('.') < 0
        && !isMark(label.codePointAt(0))
        && label.codePoints().allMatch(IdnaMapping::isValid)
        && JoinerRule.isKept(label);
  }

  private static boolean isMark(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default -> false;
    };
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  private static SyntaxError invalid(String expected, String actual) {
    return UrlFault.expected("a domain with " + expected, actual);
  }
}
