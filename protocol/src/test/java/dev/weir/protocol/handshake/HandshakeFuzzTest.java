package dev.weir.protocol.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.protocol.handshake.Extension.Parameter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Mutated requests and responses end in an answer or in the documented exception, never else. */
class HandshakeFuzzTest {
  private static final int ROUNDS = 30_000;
  private static final long SEED = 13;
  private static final byte[] NONCE = "the sample nonce".getBytes(StandardCharsets.US_ASCII);
  private static final String PIECES = "a,;=\"\\ \t:/[]@#?%13\r\n\u0000\u007f\u00e9\u0141";

  private final Random random = new Random(SEED);

  private final ClientHandshake client =
      ClientHandshake.builder(NONCE, "h", "/")
          .protocols(List.of("a", "b"))
          .extensions(List.of(Extension.of("foo", Parameter.of("x", "1")), Extension.of("bar")))
          .build();

  @Test
  void aServerAnswersAnyRequest() {
    int accepted = 0;
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      List<Map.Entry<String, String>> request = mutated(entries(client.request().headers()));
      String target = random.nextInt(4) == 0 ? mutated("/chat?a=b") : "/";
      String state =
          "seed %d, round %d, target %s, fields %s".formatted(SEED, round, target, request);
      Headers headers;
      try {
        headers = Headers.received(request);
      } catch (HandshakeException e) {
        assertThat(e.kind()).as(state).isEqualTo(HandshakeException.Kind.FIELD);
        continue;
      }
      switch (ServerHandshake.read("GET", "HTTP/1.1", target, headers)) {
        case Upgrade upgrade -> {
          accepted++;
          String protocol = upgrade.protocols().isEmpty() ? "" : upgrade.protocols().get(0);
          assertThat(upgrade.target()).as(state).startsWith("/");
          assertThat(AcceptKey.isKey(upgrade.key())).as(state).isTrue();
          assertThat(upgrade.accept(new Agreement(protocol, List.of()), Headers.empty()))
              .as(state)
              .isNotEmpty();
        }
        case Refusal refusal -> {
          refused++;
          assertThat(refusal.status()).as(state).isIn(400, 426);
        }
      }
    }
    assertThat(accepted).isGreaterThan(100);
    assertThat(refused).isGreaterThan(100);
  }

  @Test
  void aClientAcceptsAResponseOrThrowsTheDocumentedException() {
    Headers good =
        Headers.of(
            "Upgrade", "websocket",
            "Connection", "Upgrade",
            "Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
            "Sec-WebSocket-Protocol", "a",
            "Sec-WebSocket-Extensions", "foo; x=1, bar");
    int accepted = 0;
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      List<Map.Entry<String, String>> response = mutated(entries(good));
      try {
        Agreement agreement = client.validate(101, Headers.received(response));
        accepted++;
        assertThat(agreement.protocol())
            .as("seed %d, round %d, fields %s", SEED, round, response)
            .isIn("a", "b");
      } catch (HandshakeException e) {
        refused++;
        assertThat(e.getMessage())
            .as("seed %d, round %d, fields %s", SEED, round, response)
            .startsWith("expected ")
            .matches("[ -~]*");
      }
    }
    assertThat(accepted).isGreaterThan(100);
    assertThat(refused).isGreaterThan(100);
  }

  private static List<Map.Entry<String, String>> entries(Headers headers) {
    List<Map.Entry<String, String>> entries = new ArrayList<>();
    headers.forEach(field -> entries.add(Map.entry(field.name(), field.value())));
    return entries;
  }

  private List<Map.Entry<String, String>> mutated(List<Map.Entry<String, String>> entries) {
    for (int i = random.nextInt(3); i >= 0; i--) {
      int index = random.nextInt(entries.size());
      Map.Entry<String, String> entry = entries.get(index);
      switch (random.nextInt(6)) {
        case 0 -> entries.add(random.nextInt(entries.size()), entry);
        case 1 -> {
          if (entries.size() > 1) {
            entries.remove(index);
          }
        }
        case 2 -> entries.set(index, Map.entry(mutated(entry.getKey()), entry.getValue()));
        case 3 -> entries.set(index, Map.entry(entry.getKey().toUpperCase(), entry.getValue()));
        default -> entries.set(index, Map.entry(entry.getKey(), mutated(entry.getValue())));
      }
    }
    return entries;
  }

  private String mutated(String text) {
    StringBuilder mutated = new StringBuilder(text);
    int at = random.nextInt(text.length() + 1);
    switch (random.nextInt(4)) {
      case 0 -> mutated.insert(at, PIECES.charAt(random.nextInt(PIECES.length())));
      case 1 -> mutated.setLength(at);
      case 2 -> mutated.insert(at, text);
      default -> {
        if (at < text.length()) {
          mutated.setCharAt(at, PIECES.charAt(random.nextInt(PIECES.length())));
        }
      }
    }
    return mutated.toString();
  }
}
