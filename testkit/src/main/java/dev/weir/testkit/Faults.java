package dev.weir.testkit;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * A sequence of random faults, the same for the same seed. Not thread-safe.
 *
 * <pre>{@code
 * Faults faults = Faults.seeded(seed);
 * transport.onLink(link -> faults.injectInto(link, 2_000));
 * // ... drive both ends, then check that both ended within their timeouts: faults.toString()
 * // holds the seed for the failure message
 * }</pre>
 */
public final class Faults {
  private final long seed;
  private final RandomGenerator random;
  private long drawn;

  private Faults(long seed) {
    this.seed = seed;
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /** Faults that follow from the seed. */
  public static Faults seeded(long seed) {
    return new Faults(seed);
  }

  /**
   * Draws the next fault: any kind, either direction, any place up to the limit.
   *
   * @param maxAfterBytes the last place at which it may happen, in bytes, 0 or more
   */
  public Fault next(long maxAfterBytes) {
    drawn++;
    Fault.Kind[] kinds = Fault.Kind.values();
    Fault.Side[] sides = Fault.Side.values();
    return new Fault(
        kinds[random.nextInt(kinds.length)],
        sides[random.nextInt(sides.length)],
        random.nextLong(maxAfterBytes + 1));
  }

  /**
   * Draws the next fault and arms it on the link, whose bytes are also cut into random pieces in
   * both directions.
   *
   * @return what was drawn
   */
  public Fault injectInto(Link link, long maxAfterBytes) {
    Fault fault = next(maxAfterBytes);
    fault.injectInto(link);
    link.toServer().chunking(Chunking.seeded(random.nextLong()));
    link.toClient().chunking(Chunking.seeded(random.nextLong()));
    return fault;
  }

  @Override
  public String toString() {
    return "Faults.seeded(" + seed + "L), " + drawn + " drawn";
  }
}
