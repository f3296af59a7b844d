package dev.weir.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunkingTest {
  @Test
  void takesAllAtOnce() {
    assertThat(Chunking.whole().next(70_000)).isEqualTo(70_000);
  }

  @Test
  void takesPiecesAndWhatIsLeft() {
    Chunking pieces = Chunking.pieces(3);
    assertThat(pieces.next(10)).isEqualTo(3);
    assertThat(pieces.next(2)).isEqualTo(2);
    assertThat(Chunking.byteByByte().next(10)).isEqualTo(1);
  }

  @Test
  void takesRandomPiecesWithinWhatThereIsTheSameForTheSameSeed() {
    int[] first = sizes(Chunking.seeded(7));
    assertThat(first).containsExactly(sizes(Chunking.seeded(7)));
    assertThat(first).isNotEqualTo(sizes(Chunking.seeded(8)));
    assertThat(IntStream.of(first).boxed()).allMatch(size -> size >= 1 && size <= 1_000);
    assertThat(IntStream.of(first).distinct().count()).isGreaterThan(20);
  }

  @Test
  void namesItsSeed() {
    assertThat(Chunking.seeded(7)).hasToString("Chunking.seeded(7L)");
  }

  @Test
  void refusesEmptyPieces() {
    assertThatThrownBy(() -> Chunking.pieces(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected pieces of 1 byte or more but was 0");
  }

  private static int[] sizes(Chunking chunking) {
    return IntStream.range(0, 500).map(i -> chunking.next(1_000)).toArray();
  }
}
