package dev.taper;

import org.jspecify.annotations.Nullable;

/**
 * Refuses what is missing. Null never stands for "without": doing without something that protects a
 * service has a method of its own, which says so.
 */
public final class Given {
  private Given() {}

  /**
   * The value, which must be there.
   *
   * @param value what was given
   * @param what what it is, as the message calls it
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for null
   */
  public static <T> T that(@Nullable T value, String what) {
    if (value == null) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, what + " is missing: null was given");
    }
    return value;
  }
}
