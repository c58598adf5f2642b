package dev.taper.testing;

import org.jspecify.annotations.Nullable;

/**
 * Ends what the set-up of a test class made, as far as it got. A set-up that fails, or that a
 * missing program ends, leaves fields at {@code null}; a tear-down that fails because of them hides
 * why. So a method after tests mentions a field that methods before them set only as an argument of
 * these methods; {@code TearDownTest} checks that.
 */
public final class TearDown {
  private TearDown() {}

  /** How something that is no {@link AutoCloseable} ends. */
  @FunctionalInterface
  public interface End<T> {
    /** Ends it. */
    void end(T made) throws Exception;
  }

  /**
   * Closes what is not {@code null}, in this order, each even if another one fails to close.
   *
   * @throws Exception the first failure, with the others suppressed
   */
  public static void close(@Nullable AutoCloseable... made) throws Exception {
    Throwable first = null;
    for (AutoCloseable one : made) {
      try {
        if (one != null) {
          one.close();
        }
      } catch (Exception | AssertionError e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first instanceof AssertionError failure) {
      throw failure;
    }
    if (first != null) {
      throw (Exception) first;
    }
  }

  /** What {@link #close} closes by ending it; {@code null} if there is nothing to end. */
  public static <T> @Nullable AutoCloseable of(@Nullable T made, End<T> end) {
    return made == null ? null : () -> end.end(made);
  }
}
