package dev.taper.testing.faults;

/** How a call that changes something fails. */
public enum Fault {
  /** Nothing of it is done; the process lives on, and what it does next succeeds. */
  REFUSED,
  /** It is done, and fails all the same; the process lives on. */
  DONE,
  /** Half of it is done, and the process is dead: nothing that it does behind it is done. */
  DEAD,
  /**
   * As {@link #DEAD}, and the power is gone: nothing stays that was not forced, neither in files
   * nor of the names in folders.
   */
  POWER;

  boolean isLast() {
    return this == DEAD || this == POWER;
  }
}
