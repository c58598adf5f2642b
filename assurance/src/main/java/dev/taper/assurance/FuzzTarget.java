package dev.taper.assurance;

/**
 * What Jazzer calls; it finds the two methods by their names. One process fuzzes one harness, whose
 * folder is the argument.
 */
public final class FuzzTarget {
  private static Harness harness = Harness.TOKEN_BYTES;

  private FuzzTarget() {}

  /** Takes the harness, and loads what it needs: that may take longer than an input may. */
  public static void fuzzerInitialize(String[] arguments) {
    harness = Harness.of(arguments[0]);
    harness.accepts(new byte[0]);
  }

  /** Reads one input. */
  public static void fuzzerTestOneInput(byte[] input) {
    harness.accepts(input);
  }
}
