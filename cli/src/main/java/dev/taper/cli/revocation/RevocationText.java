package dev.taper.cli.revocation;

import java.util.Collection;
import java.util.stream.Collectors;

/** Words about what is revoked. */
final class RevocationText {
  private RevocationText() {}

  /** A number of things. */
  static String count(long number, String one) {
    return number + " " + one + (number == 1 ? "" : "s");
  }

  /** Things one behind the other, in order. */
  static String listed(Collection<?> things) {
    return things.stream().map(String::valueOf).sorted().collect(Collectors.joining(", "));
  }
}
