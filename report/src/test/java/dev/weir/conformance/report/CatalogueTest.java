package dev.weir.conformance.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CatalogueTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  @Test
  void holdsEachNumberedRuleOfThePlatformPageInItsOrder() throws Exception {
    List<String> numbered =
        Pattern.compile("(?m)^(?:- |WebSocketError: |`closed`: )([A-Z]\\d+a?)\\. ")
            .matcher(Files.readString(ROOT.resolve("docs/platform.md")))
            .results()
            .map(match -> match.group(1))
            .toList();

    assertThat(Catalogue.read().documents().getFirst().rules())
        .extracting(NumberedRule::id)
        .containsExactlyElementsOf(numbered)
        .hasSize(62);
  }

  @Test
  void namesARuleOfAnRfcByItsDocumentAndSection() throws Exception {
    for (Catalogue.Document document : Catalogue.read().documents().stream().skip(1).toList()) {
      String number = document.name().substring("RFC ".length());
      assertThat(document.rules())
          .allSatisfy(
              rule ->
                  assertThat(rule.id())
                      .startsWith(number + "-" + rule.sectionNumber())
                      .matches("\\d{4}-[0-9.]+-\\d+"));
    }
  }

  @Test
  void readsSectionsRolesAndReasons() {
    Catalogue.Document document =
        Catalogue.parseDocument(
            List.of(
                "= RFC 1 | Title",
                "== 2.1 Heading",
                "1-2.1-1 | client | A statement.",
                "1-2.1-2 | none | Another. | A reason."));

    assertThat(document.name()).isEqualTo("RFC 1");
    assertThat(document.rules())
        .containsExactly(
            new NumberedRule(
                "1-2.1-1", "2.1 Heading", NumberedRule.Role.CLIENT, "A statement.", ""),
            new NumberedRule(
                "1-2.1-2", "2.1 Heading", NumberedRule.Role.NONE, "Another.", "A reason."));
  }

  @Test
  void refusesTheSameIdTwice() {
    Catalogue.Document document =
        Catalogue.parseDocument(List.of("= D | T", "== 1 S", "A1 | one", "A1 | two"));

    assertThatThrownBy(() -> new Catalogue(List.of(document), List.of()))
        .hasMessageContaining("A1 is there twice");
  }

  @Test
  void refusesALaterRuleThatNoDocumentHas() {
    var later = new Catalogue.Later("A2", true, "follows");

    assertThatThrownBy(() -> new Catalogue(List.of(), List.of(later)))
        .hasMessageContaining("A2 is not");
  }
}
