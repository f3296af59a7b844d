package dev.weir.protocol.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.conformance.Rule;
import dev.weir.protocol.deflate.CompressionOptions;
import dev.weir.protocol.deflate.DeflateTerms;
import dev.weir.protocol.handshake.HandshakeException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is offered, accepted, declined and refused (RFC 7692 §5 and §7.1). */
class PerMessageDeflateTest {
  private static final String NAME = "permessage-deflate";
  private static final CompressionOptions TAKEOVER =
      CompressionOptions.server().withTakeover(true, true);

  private static List<Extension> list(String text) {
    return Extension.parse(Headers.of("Sec-WebSocket-Extensions", text));
  }

  /** "s" for server and "c" for client; "nt" for no context takeover, "w" for max window bits. */
  private static String spelled(String shorthand) {
    return shorthand
        .replace("d;", NAME + ";")
        .replaceAll("\\bd\\b", NAME)
        .replaceAll("\\bsnt\\b", "server_no_context_takeover")
        .replaceAll("\\bcnt\\b", "client_no_context_takeover")
        .replaceAll("\\bsw\\b", "server_max_window_bits")
        .replaceAll("\\bcw\\b", "client_max_window_bits")
        .replace(';' + "", "; ")
        .replace(" +", " ");
  }

  // The offer.

  @Test
  @Rule({"P3", "6455-9-2", "6455-9.1-2", "6455-9.1-3"})
  void byDefaultOffersWhatBrowsersDo() {
    assertThat(PerMessageDeflate.offer(CompressionOptions.client()))
        .hasToString("permessage-deflate; client_max_window_bits");
  }

  @Test
  @Rule({"P3", "7692-7.1.1.1-1", "7692-7.1.1.2-1", "7692-7.1.2.1-1", "7692-7.1.2.2-1"})
  void offersWhatWasAskedFor() {
    CompressionOptions options =
        CompressionOptions.client().withTakeover(false, false).withWindowBits(9, 10);
    assertThat(PerMessageDeflate.offer(options))
        .hasToString(
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover;"
                + " server_max_window_bits=10; client_max_window_bits=9");
  }

  // The server's answer.

  @ParameterizedTest(name = "{0} is answered with {1}")
  @Rule({
    "P3",
    "P3a",
    "6455-9-2",
    "6455-9.1-3",
    "7692-7.1.1.1-1",
    "7692-7.1.1.1-2",
    "7692-7.1.1.2-1",
    "7692-7.1.2.1-1",
    "7692-7.1.2.1-2",
    "7692-7.1.2.2-1",
    "7692-7.1.2.2-2",
    "7692-7.1.2.2-3"
  })
  @CsvSource({
    "d, d",
    "d;cw, d",
    "d;snt, d;snt",
    "d;cnt, d;cnt",
    "d;snt;cnt, d;snt;cnt",
    "d;sw=15, d;sw=15",
    "d;sw=9, d;sw=9",
    "d;sw=\"12\", d;sw=12",
    "d;cw=15, d",
    "d;cw=9, d;cw=9",
    "d;cw=8, d",
    "d;cw=\"10\";sw=10;cnt;snt, d;snt;cnt;sw=10;cw=10",
  })
  void answersAnOffer(String offer, String answer) {
    assertThat(PerMessageDeflate.accept(list(spelled(offer)), TAKEOVER))
        .get()
        .hasToString(spelled(answer));
  }

  @ParameterizedTest(name = "{0} is answered with {1}")
  @Rule({"P3", "7692-7.1.2.1-2", "7692-7.1.2.2-2", "7692-7.1.2.2-3"})
  @CsvSource({
    "d, d;snt;cnt;sw=12",
    "d;cw, d;snt;cnt;sw=12;cw=11",
    "d;cw=10, d;snt;cnt;sw=12;cw=10",
    "d;cw=13;sw=14, d;snt;cnt;sw=12;cw=11",
    "d;sw=10, d;snt;cnt;sw=10",
  })
  void answersWithItsOwnWishes(String offer, String answer) {
    CompressionOptions options = CompressionOptions.server().withWindowBits(12, 11);
    assertThat(PerMessageDeflate.accept(list(spelled(offer)), options))
        .get()
        .hasToString(spelled(answer));
  }

  @Test
  @Rule("P3")
  void byDefaultAServerTakesNoContextOver() {
    assertThat(
            PerMessageDeflate.accept(
                list("permessage-deflate; client_max_window_bits"), CompressionOptions.server()))
        .get()
        .hasToString("permessage-deflate; server_no_context_takeover; client_no_context_takeover");
  }

  @ParameterizedTest(name = "{0} is declined")
  @Rule({
    "P3",
    "P3a",
    "6455-9.1-3",
    "7692-7.1-1",
    "7692-7.1-2",
    "7692-7.1-3",
    "7692-7.1-4",
    "7692-7.1.1.1-1",
    "7692-7.1.1.2-1",
    "7692-7.1.2.1-1",
    "7692-7.1.2.2-1"
  })
  @CsvSource({
    "an unknown parameter, d;foo",
    "a parameter in capitals, d;SERVER_NO_CONTEXT_TAKEOVER",
    "no takeover of the server twice, d;snt;snt",
    "no takeover of the client twice, d;cnt;cnt",
    "the server's window twice, d;sw=10;sw=10",
    "the client's window twice, d;cw;cw=10",
    "a value of no takeover, d;snt=1",
    "a value of the client's no takeover, d;cnt=true",
    "the server's window without a value, d;sw",
    "a window of 7, d;sw=7",
    "a window of 8, d;sw=8",
    "a window of 16, d;sw=16",
    "a window of 010, d;sw=010",
    "a window of 09, d;cw=09",
    "a window of 0, d;cw=0",
    "a window of +9, d;cw=+9",
    "a window of 10.0, d;cw=10.0",
    "a window of 1e1, d;cw=1e1",
    "a client's window of 7, d;cw=7",
    "a client's window of 16, d;cw=16",
    "a long number, d;cw=10000000000000000000000",
    "another extension, x-webkit-deflate-frame",
    "another case, Permessage-Deflate",
  })
  void declinesAnOffer(String name, String offer) {
    assertThat(PerMessageDeflate.accept(list(spelled(offer)), TAKEOVER)).isEmpty();
  }

  @Test
  @Rule({"P3", "7692-7.1-1", "7692-7.1-4"})
  void fallsBackToTheFirstOfferThatItCanAccept() {
    String offers = spelled("foo, d;sw=8, d;foo, d;sw=10, d");
    assertThat(PerMessageDeflate.accept(list(offers), TAKEOVER))
        .get()
        .hasToString(spelled("d;sw=10"));
  }

  @Test
  @Rule("P3")
  void acceptsNothingWhenSwitchedOff() {
    assertThat(PerMessageDeflate.accept(list(NAME), CompressionOptions.off())).isEmpty();
  }

  // The client's check.

  private static Agreement answer(String offer, String response) {
    return ClientHandshake.builder(
            "the sample nonce".getBytes(StandardCharsets.US_ASCII), "example.com", "/")
        .extensions(list(spelled(offer)))
        .build()
        .validate(
            101,
            Headers.of(
                "Upgrade",
                "websocket",
                "Connection",
                "Upgrade",
                "Sec-WebSocket-Accept",
                "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                "Sec-WebSocket-Extensions",
                spelled(response)));
  }

  @ParameterizedTest(name = "{0} may be answered with {1}")
  @Rule({"P3", "P3a", "7692-7.1.1.2-2", "7692-7.1.2.1-1", "7692-7.1.2.2-1"})
  @CsvSource({
    "d;cw, d, true true 15 15",
    "d;cw, d;snt;cnt, false false 15 15",
    "d;cw, d;cw=9, true true 15 9",
    "d;cw, d;cw=15;sw=8, true true 8 15",
    "d;cw, d;cw=\"12\", true true 15 12",
    "d;cw=12, d;cw=12, true true 15 12",
    "d;cw=12, d, true true 15 15",
    "d;snt, d;snt, false true 15 15",
    "d;cnt, d, true true 15 15",
    "d;sw=12, d;sw=12, true true 12 15",
    "d;sw=12, d;sw=9, true true 9 15",
    "d;sw=9 , d;sw=8, true true 8 15",
    "'d;sw=10, d', d, true true 15 15",
  })
  void takesAnAnswer(String offer, String response, String terms) {
    Agreement agreement = answer(offer, response);
    DeflateTerms agreed = PerMessageDeflate.terms(agreement).orElseThrow();
    assertThat(
            agreed.serverTakeover()
                + " "
                + agreed.clientTakeover()
                + " "
                + agreed.serverWindowBits()
                + " "
                + agreed.clientWindowBits())
        .isEqualTo(terms);
  }

  @ParameterizedTest(name = "{0} may not be answered with {1}")
  @Rule({
    "P3",
    "P3a",
    "K2",
    "7692-5-1",
    "7692-7.1-5",
    "7692-7.1-6",
    "7692-7.1-7",
    "7692-7.1-8",
    "7692-7.1.1.1-1",
    "7692-7.1.1.2-1",
    "7692-7.1.2.1-1",
    "7692-7.1.2.2-1"
  })
  @CsvSource({
    "d;cw, d;foo, only parameters that are defined",
    "d;cw, d;snt;snt, each parameter once",
    "d;cw, d;cw=10;cw=10, each parameter once",
    "d;cw, d;snt=1, no value of server_no_context_takeover",
    "d;cw, d;cnt=1, no value of client_no_context_takeover",
    "d;cw, d;cw, client_max_window_bits from 8 to 15 in permessage-deflate but was none",
    "d;cw, d;sw, server_max_window_bits from 8 to 15 in permessage-deflate but was none",
    "d;cw, d;cw=7, client_max_window_bits from 8 to 15",
    "d;cw, d;cw=16, client_max_window_bits from 8 to 15",
    "d;cw, d;cw=08, client_max_window_bits from 8 to 15",
    "d;cw, d;sw=16, server_max_window_bits from 8 to 15",
    "d;cw, d;cw=8, client_max_window_bits from 9 to 15 but was 8",
    "d, d;cw=10, 'expected no client_max_window_bits, which was not offered'",
    "d;cw=10, d;cw=11, client_max_window_bits from 9 to 10 but was 11",
    "d;sw=10, d, server_max_window_bits from 8 to 10 but was none",
    "d;sw=10, d;sw=11, server_max_window_bits from 8 to 10 but was 11",
    "d;snt, d, 'expected server_no_context_takeover, which was asked for, but was none'",
    "d;cw, foo, only extensions that were offered",
    "d;cw, 'd, d', each extension once",
    "foo, d, only extensions that were offered",
  })
  void refusesAnAnswer(String offer, String response, String message) {
    assertThatThrownBy(() -> answer(offer, response))
        .isInstanceOfSatisfying(
            HandshakeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.EXTENSION))
        .hasMessageContaining(message);
  }

  @Test
  @Rule("P3")
  void termsAreThoseOfThisExtensionAlone() {
    assertThat(PerMessageDeflate.terms(Agreement.NONE)).isEmpty();
    assertThat(PerMessageDeflate.terms(new Agreement("", List.of(Extension.of("foo"))))).isEmpty();
  }

  @Test
  void optionsKeepTheirRanges() {
    CompressionOptions options = CompressionOptions.client();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.withWindowBits(8, 15))
        .withMessage("expected sendWindowBits from 9 to 15 but was 8");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.withWindowBits(15, 16))
        .withMessage("expected receiveWindowBits from 9 to 15 but was 16");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.withLevel(0))
        .withMessage("expected level from 1 to 9 but was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.withThreshold(-1))
        .withMessage("expected threshold from 0 to 2147483647 but was -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DeflateTerms(true, true, 7, 15))
        .withMessage("expected serverWindowBits from 8 to 15 but was 7");
  }
}
