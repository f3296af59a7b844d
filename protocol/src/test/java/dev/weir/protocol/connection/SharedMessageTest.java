package dev.weir.protocol.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.protocol.deflate.Compression;
import dev.weir.protocol.deflate.CompressionOptions;
import dev.weir.protocol.deflate.DeflatePool;
import dev.weir.protocol.deflate.DeflateTerms;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One message for many connections. */
class SharedMessageTest {
  private static final String TEXT = "Hello, Hello, Hello, Hello";

  private final DeflatePool pool = new DeflatePool();

  private Compression compression(boolean takeover, int bits, int level) {
    return Compression.ofServer(
        pool,
        new DeflateTerms(takeover, takeover, bits, 15),
        CompressionOptions.server()
            .withTakeover(takeover, takeover)
            .withThreshold(0)
            .withLevel(level));
  }

  @Test
  @Rule("P3")
  void isCompressedOnceForAllOnTheSameTerms() {
    SharedMessage message = SharedMessage.ofText(TEXT, true);
    List<Compression> all = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      all.add(compression(false, 15 - i / 2, 5));
    }
    for (int i = 0; i < 6; i += 2) {
      byte[] first = message.compressed(all.get(i));
      assertThat(first).isNotNull().hasSizeLessThan(TEXT.length());
      assertThat(message.compressed(all.get(i + 1))).isSameAs(first);
    }
    Compression other = compression(false, 15, 6);
    assertThat(message.compressed(other)).isNotSameAs(message.compressed(all.get(0)));
    other.release();
    all.forEach(Compression::release);
    assertThat(pool.open()).isZero();
  }

  @Test
  void remembersAFewTermsOnly() {
    SharedMessage message = SharedMessage.ofText(TEXT, true);
    for (int level = 1; level <= 9; level++) {
      Compression compression = compression(false, 15, level);
      byte[] first = message.compressed(compression);
      assertThat(message.compressed(compression) == first).isEqualTo(level <= 4);
      compression.release();
    }
  }

  @Test
  void tellsThatItIsBetterSentAsItIs() {
    SharedMessage message = SharedMessage.ofBinary(new byte[] {1}, true);
    Compression compression = compression(false, 15, 5);
    assertThat(message.compressed(compression)).isNull();
    assertThat(message.compressed(compression)).isNull();
    compression.release();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isSentAsAnyOtherMessageIs(boolean takeover) {
    for (boolean direct : new boolean[] {true, false}) {
      DrivenConnection one =
          DrivenConnection.of(Role.SERVER, Limits.server(), compression(takeover, 15, 5));
      DrivenConnection other =
          DrivenConnection.of(Role.SERVER, Limits.server(), compression(takeover, 15, 5));
      if (!direct) {
        one.unwritable();
        other.unwritable();
      }
      SharedMessage message = SharedMessage.ofText(TEXT, true);
      for (int i = 0; i < 2; i++) {
        one.connection.send(message, one.delivery("m"));
        other.connection.sendText(TEXT.getBytes(UTF_8), other.delivery("m"));
      }
      if (!direct) {
        one.writable();
        other.writable();
      }
      assertThat(one.sent()).isNotEmpty().isEqualTo(other.sent());
      assertThat(one.events()).isNotEmpty().isEqualTo(other.events());
      for (DrivenConnection each : List.of(one, other)) {
        each.connection.abort(null);
        each.events();
      }
    }
    assertThat(pool.open()).isZero();
  }

  @Test
  void isDroppedWhereTheConnectionIsNotOpen() {
    DrivenConnection server = DrivenConnection.server();
    server.connection.abort(null);
    server.events();
    server.connection.send(SharedMessage.ofText("late", true), server.delivery("late"));
    assertThat(server.events()).containsExactly("dropped late");
    assertThat(server.sent()).isEmpty();
  }

  @Test
  void isTakenBackOnlyBeforeItHasBegun() {
    DrivenConnection server = DrivenConnection.server();
    server.unwritable();
    Delivery first = server.delivery("first");
    Delivery second = server.delivery("second");
    server.connection.send(SharedMessage.ofText("1", true), first);
    server.connection.send(SharedMessage.ofText("22", true), second);
    assertThat(server.connection.queuedBytes()).isEqualTo(3);
    assertThat(server.connection.withdraw(second)).isTrue();
    assertThat(server.connection.withdraw(second)).isFalse();
    assertThat(server.connection.queuedBytes()).isOne();
    server.writable();
    assertThat(server.connection.withdraw(first)).isFalse();
    assertThat(server.sent()).isEqualTo("810131");
    assertThat(server.events()).containsExactly("handed over first");
  }
}
