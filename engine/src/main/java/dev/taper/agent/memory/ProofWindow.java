package dev.taper.agent.memory;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.time.Duration;

/**
 * How old a proof may be, and how far the clocks of holder and verifier may differ. Both edges are
 * inside the window; times count in milliseconds.
 *
 * @param back how long before the verifier's time a proof may have been made
 * @param ahead how long after the verifier's time a proof may seem to have been made
 */
public record ProofWindow(Duration back, Duration ahead) {
  /** The longest either may be. A wider window makes every stolen proof worth more. */
  public static final Duration MAX = Duration.ofHours(1);

  /** 60 seconds back, 30 seconds ahead. */
  public static final ProofWindow DEFAULT =
      new ProofWindow(Duration.ofSeconds(60), Duration.ofSeconds(30));

  /**
   * Checks the durations.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if one is negative or beyond {@link
   *     #MAX}
   */
  public ProofWindow {
    check(back);
    check(ahead);
  }

  private static void check(Duration duration) {
    if (duration.isNegative() || duration.compareTo(MAX) > 0) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "a proof's window reaches from zero to " + MAX + ", not " + duration);
    }
  }
}
