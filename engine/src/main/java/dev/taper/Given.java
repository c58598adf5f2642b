package dev.taper;

import org.jspecify.annotations.Nullable;

/**
 * Refuses missing arguments. Null never stands for "without": there is a method with a telling name
 * for doing without something that protects a service.
 */
public final class Given {
  private Given() {}

  /**
   * Returns the value, which must not be null.
   *
   * @param value what was given
   * @param what the name of the value in the message
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for null
   */
  public static <T> T that(@Nullable T value, String what) {
    if (value == null) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, what + " is missing: null was given");
    }
    return value;
  }
}
