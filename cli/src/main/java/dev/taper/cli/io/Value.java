package dev.taper.cli.io;

import java.util.function.BiFunction;
import org.jspecify.annotations.NonNull;
import org.jspecify.annotations.Nullable;

/**
 * The value of an option or parameter.
 *
 * @param <T> its type; nullable if it may be missing
 */
public class Value<T extends @Nullable Object> {
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

  /** True if it has a value other than its default; of a flag, if it is set. */
  public boolean isGiven() {
    return argument.isGiven();
  }

  /**
   * Adds what is given to something that is built step by step.
   *
   * @param step what makes the next of the last and the value
   * @return what the step made, or the start if nothing is given
   */
  public <S> S addTo(S start, BiFunction<S, @NonNull T, S> step) {
    T value = get();
    return value == null || !isGiven() ? start : step.apply(start, value);
  }

  Argument argument() {
    return argument;
  }

  /** What is given, or else the default. */
  @SuppressWarnings("unchecked") // it was parsed as this type
  public T get() {
    Object parsed = argument.value();
    return parsed == null ? otherwise : (T) parsed;
  }
}
