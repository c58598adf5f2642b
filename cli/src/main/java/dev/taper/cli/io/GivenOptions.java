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
   * Refuses all that are given without another option.
   *
   * @param needed the option that they go with
   * @throws CliException if one is given
   */
  public void refuseWithout(String needed) {
    refuse("needs " + needed, "need " + needed);
  }
}
