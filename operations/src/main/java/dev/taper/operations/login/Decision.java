package dev.taper.operations.login;

import dev.taper.operations.OperationException;
import dev.taper.operations.config.Times;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Waits between two questions until a person has decided something. For one thread. */
final class Decision {
  private static final long LONGEST_PAUSE = 30;

  private final Clock clock;
  private final Pause pause;
  private final Duration patience;
  private final Instant end;
  private final String awaited;
  private final String overdue;

  /** Waits between two questions, so that a test need not. */
  interface Pause {
    void rest(Duration time) throws InterruptedException;
  }

  /**
   * Begins to wait.
   *
   * @param patience how long the person may take
   * @param awaited what is waited for
   * @param overdue what did not happen if that takes longer
   */
  Decision(Clock clock, Pause pause, Duration patience, String awaited, String overdue) {
    this.clock = clock;
    this.pause = pause;
    this.patience = patience;
    this.end = clock.instant().plus(patience);
    this.awaited = awaited;
    this.overdue = overdue;
  }

  /**
   * Rests as long as the server asks for, but at most half a minute.
   *
   * @param answer the one that says how long
   * @throws OperationException {@code login_timeout} if the person took too long
   */
  void rest(Exchanged answer) {
    Duration rest =
        Duration.ofSeconds(Math.max(1, Math.min(LONGEST_PAUSE, answer.number("interval", 5))));
    if (clock.instant().plus(rest).isAfter(end)) {
      throw OperationException.refused(
          "login_timeout", overdue + " within " + Times.words(patience));
    }
    try {
      pause.rest(rest);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw OperationException.refused("login_timeout", "interrupted while waiting for " + awaited);
    }
  }
}
