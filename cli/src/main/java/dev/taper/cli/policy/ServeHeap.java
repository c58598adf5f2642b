package dev.taper.cli.policy;

import dev.taper.cli.io.Console;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The heap that {@code taper serve} gets from the same environment: of {@code TAPER_HEAP}, or of
 * 256 MiB. That of the command line is another one.
 */
public final class ServeHeap {
  private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,9})([kmgKMG]?)");
  private static final long DEFAULT = 256L << 20;
  private static final String UNITS = " kmg";
  private static final int SHIFT = 10;

  private ServeHeap() {}

  /** Its bytes. */
  public static long bytes(Console console) {
    return usable(console.variable("TAPER_HEAP"));
  }

  /**
   * What its collector leaves of so large a heap: all but half of one of thirty parts in which
   * objects survive.
   *
   * @param size as the JVM takes it, such as {@code 512m}; null for the default
   */
  static long usable(@Nullable String size) {
    Matcher given = SIZE.matcher(size == null ? "" : size);
    long bytes = DEFAULT;
    if (given.matches()) {
      String unit = given.group(2).toLowerCase(Locale.ROOT);
      int power = unit.isEmpty() ? 0 : UNITS.indexOf(unit);
      bytes = Long.parseLong(given.group(1)) << (SHIFT * power);
    }
    return bytes / 30 * 29;
  }
}
