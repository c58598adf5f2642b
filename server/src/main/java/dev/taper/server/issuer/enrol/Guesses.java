package dev.taper.server.issuer.enrol;

import dev.taper.server.oidc.Subject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Bounds wrong codes: ten of a person and two hundred of all in ten minutes. Behind that nobody's
 * code is looked at, right or wrong. Not thread-safe.
 */
final class Guesses {
  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final int OF_PERSON = 10;
  private static final int OF_ALL = 200;

  private final Clock clock;
  private final Map<Subject, Integer> wrong = new HashMap<>();
  private int all;
  private Instant begun = Instant.MIN;

  Guesses(Clock clock) {
    this.clock = clock;
  }

  /**
   * Refuses to look at one more code.
   *
   * @throws EnrolmentException {@code too_many_guesses}
   */
  void require(Subject person) throws EnrolmentException {
    Instant now = clock.instant();
    if (!now.isBefore(begun.equals(Instant.MIN) ? begun : begun.plus(WINDOW))) {
      begun = now;
      all = 0;
      wrong.clear();
    }
    if (all >= OF_ALL || wrong.getOrDefault(person, 0) >= OF_PERSON) {
      throw new EnrolmentException(
          "too_many_guesses", "too many codes were wrong; wait ten minutes");
    }
  }

  /** Counts a wrong code. */
  void wrong(Subject person) {
    all++;
    wrong.merge(person, 1, Integer::sum);
  }
}
