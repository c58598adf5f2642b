package dev.taper.operations.doctor;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * How many files a process may open, and how many it has open. A connection is one, and what is
 * asked for it may open another one; a process that has none left can take no connection, write no
 * record and read no file, and knows of nothing that is wrong.
 *
 * @param open how many are open
 * @param most how many may be; {@link Long#MAX_VALUE} if the system does not say
 */
public record Descriptors(long open, long most) {
  /** What is left for files, stores and records, whatever connections take. */
  private static final int OTHERS = 16;

  private static final int FOR_EACH = 2;

  /** How many connections a listener takes at once, if it can. */
  public static final int CONNECTIONS = 512;

  /** Fewer connections are of no use. */
  private static final int LEAST = 4;

  /** As they are now. */
  public static Descriptors now() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? new Descriptors(unix.getOpenFileDescriptorCount(), unix.getMaxFileDescriptorCount())
        : new Descriptors(0, Long.MAX_VALUE);
  }

  /**
   * How many connections there is room for.
   *
   * @param wanted how many are to be taken, if there is
   */
  public int connections(int wanted) {
    long room = (most - open - OTHERS) / FOR_EACH;
    return (int) Math.min(wanted, Math.max(LEAST, room));
  }

  /**
   * What to do about too few, as one line; null if there are enough.
   *
   * @param wanted how many connections are to be taken
   */
  public @Nullable String words(int wanted) {
    int connections = connections(wanted);
    if (connections >= wanted) {
      return null;
    }
    return "this process may open "
        + most
        + " files, so it takes "
        + connections
        + " connections at once, and not "
        + wanted
        + ": raise the limit (ulimit -n, LimitNOFILE=) to "
        + (open + OTHERS + (long) FOR_EACH * wanted)
        + " or more";
  }
}
