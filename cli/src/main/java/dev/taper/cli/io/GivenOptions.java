package dev.taper.cli.io;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects which of some options are given, so that a message names only those. Not thread-safe.
 */
public final class GivenOptions {
  private final List<String> names = new ArrayList<>();

  /** Adds an option if it is given. */
  public GivenOptions add(String name, boolean given) {
    if (given) {
      names.add(name);
    }
    return this;
  }

  /** Adds those options that are given. */
  public GivenOptions add(Value<?>... options) {
    for (Value<?> option : options) {
      add(option.argument());
    }
    return this;
  }

  /** Adds those options of each part that are given. */
  public GivenOptions add(Arguments... parts) {
    for (Arguments part : parts) {
      add(part.given());
    }
    return this;
  }

  void add(Argument argument) {
    if (argument.isGiven()) {
      names.add(argument.name());
    }
  }

  /** Adds those of another list. */
  public GivenOptions add(GivenOptions others) {
    names.addAll(others.names);
    return this;
  }

  /** True if none is given. */
  public boolean isEmpty() {
    return names.isEmpty();
  }

  /**
   * Refuses all that are given.
   *
   * @param one why, behind the name of one, such as {@code needs --request}
   * @param several why, behind several names
   * @throws CliException if one is given
   */
  public void refuse(String one, String several) {
    if (names.size() == 1) {
      throw CliException.usage(names.get(0) + " " + one);
    } else if (!names.isEmpty()) {
      String first = String.join(", ", names.subList(0, names.size() - 1));
      throw CliException.usage(first + " and " + names.get(names.size() - 1) + " " + several);
    }
  }

  /**
   * Refuses options that are given together.
   *
   * @throws CliException if more than one is given
   */
  public static void exclude(Value<?>... options) {
    GivenOptions given = new GivenOptions().add(options);
    if (given.names.size() > 1) {
      given.refuse("exclude each other");
    }
  }

  /**
   * Refuses all that are given, with words that fit one and several.
   *
   * @param why why, behind the names
   * @throws CliException if one is given
   */
  public void refuse(String why) {
    refuse(why, why);
  }

  /**
   * Refuses all that are given with another option.
   *
   * @param other the option without which they go
   * @throws CliException if one is given
   */
  public void refuseWith(String other) {
    refuse("goes without " + other, "go without " + other);
  }

  /**
   * Refuses all that are given without another option.
   *
   * @param needed the option that they go with
   * @throws CliException if one is given
   */
  public void refuseWithout(String needed) {
    refuse("needs " + needed, "need " + needed);
  }
}
