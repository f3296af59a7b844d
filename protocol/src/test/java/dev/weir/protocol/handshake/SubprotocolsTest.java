package dev.weir.protocol.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weir.conformance.Rule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Rule({"S2", "6455-4.1-21", "6455-4.1-22"})
class SubprotocolsTest {
  @Test
  void takesTokensInTheirOrder() {
    List<String> given = new ArrayList<>(List.of("v2.chat", "v1.chat"));
    List<String> checked = Subprotocols.checked(given);
    given.clear();
    assertThat(checked).containsExactly("v2.chat", "v1.chat");
    assertThat(Subprotocols.checked(List.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a,b", "a/b", "a\r\nb", "\"a\"", "é", "a="})
  void refusesWhatIsNoToken(String protocol) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Subprotocols.checked(List.of("ok", protocol)))
        .withMessage(
            "expected a token as subprotocol but was %s", HandshakeException.quoted(protocol));
  }

  @Test
  void refusesDuplicatesWithoutRegardToCase() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Subprotocols.checked(List.of("chat", "x", "CHat")))
        .withMessage(
            "expected each subprotocol once but \"CHat\" occurs again; case does not tell them"
                + " apart");
  }
}
