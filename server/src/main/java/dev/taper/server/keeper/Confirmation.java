package dev.taper.server.keeper;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Asks the user whether a key may be used: one question at a time, and a few that wait. No answer
 * in time is a no. Thread-safe.
 */
final class Confirmation {
  /** How long a person has to answer. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int WAITING = 8;

  /** Asks one question. */
  @FunctionalInterface
  interface Asking {
    /**
     * Asks.
     *
     * @return true for a yes
     * @throws InterruptedException if the process ends
     */
    boolean isAllowed(Question question, Duration patience) throws InterruptedException;
  }

  private final Asking asking;
  private final Duration patience;
  private final Semaphore turn = new Semaphore(1, true);
  private final Semaphore places = new Semaphore(WAITING);

  Confirmation(Asking asking, Duration patience) {
    this.asking = asking;
    this.patience = patience;
  }

  /** A confirmation where nobody can be asked. */
  static Confirmation ofNobody() {
    return new Confirmation((question, patience) -> false, PATIENCE);
  }

  /**
   * Returns if the user says yes.
   *
   * @param question what is asked
   * @throws KeeperRefusal {@code confirm_refused}; {@code busy} if too many wait
   */
  void require(Question question) {
    if (!places.tryAcquire()) {
      throw KeeperRefusal.of(503, "busy", "the user is being asked too much at once");
    }
    try {
      if (turn.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          if (asking.isAllowed(question, patience)) {
            return;
          }
        } finally {
          turn.release();
        }
      }
      throw KeeperRefusal.of(403, "confirm_refused", "the user did not allow this use of the key");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw KeeperRefusal.of(503, "busy", "the keeper is stopping");
    } finally {
      places.release();
    }
  }
}
