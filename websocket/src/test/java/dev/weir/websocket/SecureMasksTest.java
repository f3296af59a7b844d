package dev.weir.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Where masking keys come from. */
final class SecureMasksTest {
  private static final int MASKS = 100_000;

  /** Eight standard deviations of a fair coin: by chance it fails once in 10¹³ runs. */
  private static final int TOLERANCE = (int) (8 * Math.sqrt(MASKS) / 2);

  @Rule({"K6", "6455-5.3-3", "6455-10.3-1"})
  @Test
  void noMaskTellsTheNext() {
    SecureMasks masks = SecureMasks.ofThread();
    int[] ones = new int[Integer.SIZE];
    int[] flips = new int[Integer.SIZE];
    Set<Integer> seen = new HashSet<>();
    int last = masks.nextMask();
    for (int i = 0; i < MASKS; i++) {
      int mask = masks.nextMask();
      for (int bit = 0; bit < Integer.SIZE; bit++) {
        ones[bit] += mask >>> bit & 1;
        flips[bit] += (mask ^ last) >>> bit & 1;
      }
      seen.add(mask);
      last = mask;
    }
    for (int bit = 0; bit < Integer.SIZE; bit++) {
      assertThat(ones[bit]).as("bit %d is set", bit).isBetween(least(), most());
      assertThat(flips[bit]).as("bit %d changes", bit).isBetween(least(), most());
    }
    // Of so many 32-bit numbers one or two pairs are equal; a buffer that is not refilled has more.
    assertThat(seen).hasSizeGreaterThan(MASKS - 20);
  }

  private static int least() {
    return MASKS / 2 - TOLERANCE;
  }

  private static int most() {
    return MASKS / 2 + TOLERANCE;
  }

  @Rule("K6")
  @Test
  void eachThreadHasASourceOfItsOwn() throws InterruptedException {
    var other = new AtomicReference<SecureMasks>();
    Thread thread = Thread.ofPlatform().start(() -> other.set(SecureMasks.ofThread()));
    thread.join(10_000);
    assertThat(SecureMasks.ofThread()).isSameAs(SecureMasks.ofThread()).isNotSameAs(other.get());
    assertThat(other.get()).isNotNull();
  }
}
