package dev.taper.revocation;

/**
 * The private copy of a list cannot be read, or does not hold what was written. Without a stack
 * trace, as the place says nothing.
 */
final class UnreadableListException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnreadableListException() {
    super("the private copy of the revocation list cannot be read", null, false, false);
  }
}
