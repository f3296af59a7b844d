package dev.weir.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.cli.bench.Payloads.Verdict;
import dev.weir.websocket.Message;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PayloadsTest {
  @ParameterizedTest
  @CsvSource({
    "BINARY,0",
    "BINARY,1",
    "BINARY,64",
    "BINARY,1000000",
    "TEXT,0",
    "TEXT,5",
    "TEXT,65536",
    "JSON,32",
    "JSON,33",
    "JSON,64",
    "JSON,100",
    "JSON,1024",
    "JSON,65536"
  })
  void eachMessageHasTheSizeThatWasAskedFor(Load.Payload kind, int size) {
    var payloads = Payloads.of(kind, size, 4);
    for (int i = 0; i < 100; i++) {
      assertThat(Payloads.sizeOf(payloads.message(0, i))).isEqualTo(size);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "BINARY,64,1",
    "BINARY,2,1000",
    "TEXT,64,300",
    "TEXT,3,70",
    "JSON,32,90",
    "BINARY,1000000,40"
  })
  void thoseThatMayBeInFlightTogetherDiffer(Load.Payload kind, int size, int inFlight) {
    var payloads = Payloads.of(kind, size, inFlight);
    for (int connection : new int[] {0, 5, 99_999}) {
      var seen = new HashSet<Message>();
      for (long i = 1_000_000; i <= 1_000_000 + inFlight; i++) {
        assertThat(seen.add(payloads.message(connection, i))).isTrue();
      }
    }
  }

  @Test
  void anEchoIsRightWhenContentAndOrderAre() {
    var payloads = Payloads.of(Load.Payload.TEXT, 16, 8);
    Message sent = payloads.message(3, 41);
    assertThat(payloads.check(3, 41, Message.of(((Message.Text) sent).text())))
        .isEqualTo(Verdict.RIGHT);
    assertThat(payloads.check(3, 41, payloads.message(3, 42))).isEqualTo(Verdict.OUT_OF_ORDER);
    assertThat(payloads.check(3, 41, payloads.message(4, 41))).isEqualTo(Verdict.OUT_OF_ORDER);
    assertThat(payloads.check(3, 41, Message.of("other"))).isEqualTo(Verdict.WRONG);
  }

  @Test
  void anEchoOfTheOtherKindIsWrong() {
    var payloads = Payloads.of(Load.Payload.TEXT, 4, 1);
    byte[] bytes = ((Message.Text) payloads.message(0, 0)).text().getBytes(StandardCharsets.UTF_8);
    assertThat(payloads.check(0, 0, Message.of(bytes))).isEqualTo(Verdict.WRONG);
  }

  @Test
  void jsonIsJsonAndCompressesAndTextDoesNot() throws Exception {
    String json = ((Message.Text) Payloads.of(Load.Payload.JSON, 1024, 1).message(0, 0)).text();
    assertThat(json).startsWith("{\"id\":0,\"items\":[{\"").contains("},{\"").endsWith("\"}");
    assertThat(deflated(json)).isLessThan(512);
    String text = ((Message.Text) Payloads.of(Load.Payload.TEXT, 1024, 1).message(0, 0)).text();
    assertThat(deflated(text)).isGreaterThan(700);
  }

  private static int deflated(String text) throws Exception {
    var out = new ByteArrayOutputStream();
    try (var deflater = new DeflaterOutputStream(out)) {
      deflater.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return out.size();
  }
}
