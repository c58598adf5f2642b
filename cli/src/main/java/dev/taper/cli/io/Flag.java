package dev.taper.cli.io;

/** An option without a value. */
public final class Flag {
  private final Argument argument;

  Flag(Argument argument) {
    this.argument = argument;
  }

  /** Whether it is given. */
  public boolean given() {
    return Boolean.TRUE.equals(argument.value());
  }
}
