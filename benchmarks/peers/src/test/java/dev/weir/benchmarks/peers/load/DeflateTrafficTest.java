package dev.weir.benchmarks.peers.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeflateTrafficTest {
  private static final String AGREED = "permessage-deflate";

  /** What a server would answer that sends the same compressed bytes back. */
  private static ByteBuffer answers(ByteBuffer frames) {
    var out = ByteBuffer.allocate(frames.remaining());
    while (frames.hasRemaining()) {
      out.put(frames.get());
      int length = frames.get() & 0x7f;
      out.put((byte) length);
      if (length == 126) {
        length = frames.getShort();
        out.putShort((short) length);
      }
      byte[] key = new byte[4];
      frames.get(key);
      for (int i = 0; i < length; i++) {
        out.put((byte) (frames.get() ^ key[i & 3]));
      }
    }
    return out.flip();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        AGREED,
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
      })
  void documentsThatComeBackAreCountedHoweverTheyAreCut(String agreed) throws Exception {
    long seed = 1;
    var random = new Random(seed);
    try (var traffic = new DeflateTraffic(agreed, 300)) {
      for (int round = 0; round < 3; round++) {
        ByteBuffer answers = answers(traffic.next(300));
        int counted = 0;
        while (answers.hasRemaining()) {
          int cut = Math.min(answers.remaining(), 1 + random.nextInt(2000));
          counted += traffic.count(answers.slice(answers.position(), cut));
          answers.position(answers.position() + cut);
        }
        assertThat(counted).as("seed %s", seed).isEqualTo(300);
      }
      assertThat(traffic.payloadBytes() / 900).isBetween(100L, 400L);
    }
  }

  @Test
  void anAnswerWhoseLastFrameIsEmptyIsCountedAtItsEnd() throws Exception {
    String agreed = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    try (var traffic = new DeflateTraffic(agreed, 1)) {
      ByteBuffer whole = answers(traffic.next(1));
      whole.put(0, (byte) (whole.get(0) & 0x7f));
      assertThat(traffic.count(whole)).isZero();
      assertThat(traffic.count(ByteBuffer.wrap(new byte[] {(byte) 0x80, 0}))).isEqualTo(1);
    }
  }

  @Test
  void anAnswerOutOfTurnIsFoundOut() throws Exception {
    String agreed = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    try (var traffic = new DeflateTraffic(agreed, 1)) {
      ByteBuffer unused = traffic.next(1);
      ByteBuffer second = answers(traffic.next(1));
      assertThatThrownBy(() -> traffic.count(second))
          .isInstanceOf(IOException.class)
          .hasMessage("expected what was sent but another message came back");
      assertThat(unused).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "permessage-deflate; client_max_window_bits=12"})
  void whatTheJdkCanNotSpeakIsRefused(String agreed) {
    assertThatThrownBy(() -> new DeflateTraffic(agreed, 1))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("expected permessage-deflate with the whole window but was: ");
  }
}
