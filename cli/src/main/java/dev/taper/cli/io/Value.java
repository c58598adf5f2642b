package dev.taper.cli.io;

import org.jspecify.annotations.Nullable;

/**
 * The value of an option or parameter.
 *
 * @param <T> its type; nullable if it may be missing
 */
public final class Value<T extends @Nullable Object> {
  private final Argument argument;
  private final T otherwise;

  Value(Argument argument, T otherwise) {
    this.argument = argument;
    this.otherwise = otherwise;
  }

  /** True if it stands on the command line itself, and comes from no profile or default. */
  public boolean isWritten() {
    return argument.isWritten();
  }

  /** What is given, or else the default. */
  @SuppressWarnings("unchecked") // it was parsed as this type
  public T get() {
    Object parsed = argument.value();
    return parsed == null ? otherwise : (T) parsed;
  }
}
