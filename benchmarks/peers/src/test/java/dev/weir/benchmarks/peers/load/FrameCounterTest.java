package dev.weir.benchmarks.peers.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCounterTest {
  private static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 65535, 65536, 200_000})
  void messagesAreCountedHoweverTheyAreCut(int size) {
    long seed = size;
    var random = new Random(seed);
    for (boolean masked : new boolean[] {true, false}) {
      ByteBuffer frames =
          masked ? Framing.clientFrames(true, size, 20) : Framing.serverFrames(false, size, 20);
      var counter = new FrameCounter(size);
      int counted = 0;
      while (frames.hasRemaining()) {
        int cut =
            Math.min(frames.remaining(), 1 + random.nextInt(random.nextBoolean() ? 5 : 50_000));
        counted += counter.count(frames.slice(frames.position(), cut));
        frames.position(frames.position() + cut);
      }
      assertThat(counted).as("seed %s, masked %s", seed, masked).isEqualTo(20);
    }
  }

  @Test
  void fragmentsAreOneMessageAndControlFramesNone() {
    assertThat(new FrameCounter(3).count(bytes("02 01 61  89 00  00 01 62  8a 02 78 79  80 01 63")))
        .isEqualTo(1);
  }

  @Test
  void aMessageOfAnotherSizeIsAnError() {
    assertThatThrownBy(() -> new FrameCounter(3).count(bytes("82 02 61 62")))
        .hasMessage("expected a message of 3 bytes but was one of 2");
  }

  @Test
  void aCloseIsSeenBehindTheMessagesBeforeIt() {
    var counter = new FrameCounter(1);
    assertThat(counter.count(bytes("82 01 61  82 01 61  88 02 03 e8"))).isEqualTo(2);
    assertThat(counter.isClosed()).isTrue();
  }
}
