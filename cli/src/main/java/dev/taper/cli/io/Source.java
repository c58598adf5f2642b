package dev.taper.cli.io;

import org.jspecify.annotations.Nullable;

/** Where an input comes from. */
public sealed interface Source {
  /**
   * A file.
   *
   * @param name as written on the command line
   */
  record File(String name) implements Source {}

  /** Standard input. */
  record Stdin() implements Source {}

  /**
   * An environment variable.
   *
   * @param name its name
   */
  record Variable(String name) implements Source {}

  /**
   * A text of the command line; never a secret.
   *
   * @param text the text
   */
  record Text(String text) implements Source {}

  /**
   * A key that a keeper has.
   *
   * @param name the keeper's name of it
   */
  record Keeper(String name) implements Source {}

  /** A file, or standard input for {@code -}. */
  static Source ofFile(String name) {
    return name.equals("-") ? new Stdin() : new File(name);
  }

  /** The source that a file option or a variable option names; null if neither was given. */
  static @Nullable Source exclusive(
      Value<@Nullable String> file, Value<@Nullable String> variable) {
    GivenOptions.exclude(file, variable);
    if (file.get() != null) {
      return ofFile(file.get());
    }
    return variable.get() == null ? null : new Variable(variable.get());
  }
}
