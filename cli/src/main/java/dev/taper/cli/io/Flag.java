package dev.taper.cli.io;

import java.util.function.UnaryOperator;

/** An option without a value. */
public final class Flag extends Value<Boolean> {
  Flag(Argument argument) {
    super(argument, false);
  }

  /** Whether it is given. */
  public boolean given() {
    return get();
  }

  /** Takes a step of something that is built step by step, if it is given. */
  public <S> S addTo(S start, UnaryOperator<S> step) {
    return given() ? step.apply(start) : start;
  }
}
