package dev.weir.conformance.report;

/**
 * One rule of a document, in our own short words. Immutable.
 *
 * @param id as in {@code @Rule}
 * @param section heading below which the rule stands, starting with the section's number
 * @param role whom the rule concerns
 * @param statement what it asks for
 * @param reason why it does not concern Weir; empty unless the role is {@link Role#NONE}
 */
record NumberedRule(String id, String section, Role role, String statement, String reason) {
  /** The endpoint that a rule concerns. */
  enum Role {
    CLIENT,
    SERVER,
    BOTH,
    NONE
  }

  /** The number in front of the section's heading. */
  String sectionNumber() {
    int space = section.indexOf(' ');
    return space < 0 ? section : section.substring(0, space);
  }
}
