package dev.taper.testing.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Lets every call fail that a writer makes of its disk, one in each run and in each way, and then
 * looks at what is left with new objects.
 */
public final class Faults {
  /** No writer here makes so many calls. */
  private static final int MOST_CALLS = 1_000;

  private Faults() {}

  /** What a writer does, and what must hold whatever fails. */
  public interface Writer {
    /** Makes what is there before. */
    default void prepare(Path folder) throws IOException {}

    /**
     * Writes, and throws if it cannot. What it opened is closed when it returns. If {@link
     * #triesAgain}, it fails only where the process is dead.
     *
     * @param acknowledged is told what is safe as soon as the writer said so
     */
    void write(Path folder, Acknowledged acknowledged) throws IOException;

    /** True if what it does is done once more where it fails, by the same object. */
    default boolean triesAgain() {
      return false;
    }

    /**
     * Looks with new objects: all that was acknowledged is there, what was not is there wholly or
     * not at all, and the writer works.
     *
     * @param acknowledged how many steps were
     */
    void check(Path folder, int acknowledged) throws IOException;
  }

  /** Counts the steps that a writer said are safe. */
  public static final class Acknowledged {
    private int steps;

    /** One step more is safe. */
    public void step() {
      steps++;
    }

    /** How many there are. */
    public int steps() {
      return steps;
    }
  }

  /**
   * Fails each call in each way.
   *
   * @param parent an empty folder
   * @return how many runs that were
   * @throws AssertionError with which call failed and how, if something does not hold
   */
  public static int enumerate(Path parent, Writer writer) throws IOException {
    int runs = 0;
    for (Fault fault : Fault.values()) {
      int number = 1;
      while (run(parent, writer, fault, number)) {
        runs++;
        number++;
        if (number > MOST_CALLS) {
          throw new AssertionError("the writer makes calls without end");
        }
      }
      if (number < 3) {
        throw new AssertionError("the writer does not use the disk that fails");
      }
    }
    return runs;
  }

  /** True if the call was made that was to fail. */
  private static boolean run(Path parent, Writer writer, Fault fault, int number)
      throws IOException {
    Path folder = Files.createDirectory(parent.resolve("run"));
    try {
      FaultyDisk disk = new FaultyDisk(folder);
      writer.prepare(disk.folder());
      disk.fail(fault, number);
      Acknowledged acknowledged = new Acknowledged();
      String failure = "it did all the same";
      try {
        writer.write(disk.folder(), acknowledged);
      } catch (IOException | RuntimeException e) {
        failure = String.valueOf(e);
        if (writer.triesAgain() && !fault.isLast()) {
          throw new AssertionError(fault + " at call " + number + " ends the writer", e);
        }
      }
      boolean hasFailed = disk.hasFailed();
      disk.recover();
      try {
        writer.check(disk.folder(), acknowledged.steps);
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError(
            fault + " at call " + number + " (" + failure + "), " + acknowledged.steps + " steps",
            e);
      }
      return hasFailed;
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }
}
