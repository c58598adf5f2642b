package dev.taper.testing;

import dev.taper.crypto.MadeTables;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Measures the heap that is in use: the bytes of all objects that can be reached. Room that threads
 * set aside for what they may allocate counts for nothing, so it does not matter what else runs.
 * The collector must leave no dead objects in place, as it does with the arguments of the build.
 */
public final class UsedHeap {
  private static final int BYTES = 2;
  private static final int CLASS = 3;

  /** What two looks in turn may differ by, and how many there are at most. */
  private static final long NEAR = 16 << 10;

  private static final int LOOKS = 20;

  /**
   * The native library frees what it holds by a thread of its own, some time after the collector;
   * until then it holds objects of its own, which are not what is measured.
   */
  private static final String LATE = "com.amazon.corretto.";

  private UsedHeap() {}

  /**
   * The bytes, once the tables are made that other tests need, and after two collections that leave
   * the same: what a finalizer or a thread of an earlier test still holds goes with a later one.
   */
  public static long bytes() {
    MadeTables.await();
    long before = afterCollection();
    for (int look = 1; look < LOOKS; look++) {
      long now = afterCollection();
      if (Math.abs(now - before) <= NEAR) {
        return now;
      }
      before = now;
    }
    return before;
  }

  private static long afterCollection() {
    return histogram()
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(row -> row.length > CLASS && row[0].matches("\\d+:"))
        .filter(row -> !row[CLASS].startsWith(LATE))
        .mapToLong(row -> Long.parseLong(row[BYTES]))
        .sum();
  }

  private static String histogram() {
    try {
      return (String)
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "gcClassHistogram",
                  new Object[] {new String[0]},
                  new String[] {String[].class.getName()});
    } catch (JMException e) {
      throw new IllegalStateException("this JVM does not say what is on its heap", e);
    }
  }
}
