package dev.taper.cli.output;

/** How many there are of something, in words. */
public final class Count {
  private Count() {}

  /** Such as {@code 1 call} or {@code 2 calls}. */
  public static String of(long count, String one) {
    return of(count, one, one + "s");
  }

  /** Such as {@code 1 entry} or {@code 2 entries}. */
  public static String of(long count, String one, String many) {
    return count + " " + (count == 1 ? one : many);
  }
}
