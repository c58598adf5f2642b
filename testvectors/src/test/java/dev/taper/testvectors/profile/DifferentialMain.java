package dev.taper.testvectors.profile;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The command {@code testvectors/differential}: compares generated cases, and says what they were
 * and where two implementations differ.
 */
public final class DifferentialMain {
  private static final long MOST = 100_000_000;

  /** So many seeds go by in one step, after which the time is looked at. */
  private static final int STEP = 2_000;

  private static final String USAGE =
      """
      usage: testvectors/differential [CASES | MINUTESm] [FIRST SEED]
      such as 200000, or 30m 7; without arguments, 10000 cases from seed 1
      """;

  private final PrintStream out;
  private final Tally tally = new Tally();
  private final List<Differential.Found> found = new ArrayList<>();
  private int otherCodes;

  private DifferentialMain(PrintStream out) {
    this.out = out;
  }

  /** Runs the command: how many cases or minutes, and the first seed. */
  public static void main(String[] args) throws IOException, InterruptedException {
    System.exit(new DifferentialMain(System.out).run(args));
  }

  /** Returns the exit code: 0 if nothing differs, 1 if something does, 2 for bad arguments. */
  private int run(String... args) throws IOException, InterruptedException {
    String many = args.length > 0 && !args[0].isEmpty() ? args[0] : "10000";
    boolean minutes = many.endsWith("m");
    long number;
    long first;
    try {
      number = Long.parseLong(minutes ? many.substring(0, many.length() - 1) : many);
      first = args.length > 1 && !args[1].isEmpty() ? Long.parseLong(args[1]) : 1;
      if (number < 1 || number > MOST || args.length > 2) {
        throw new NumberFormatException();
      }
    } catch (NumberFormatException e) {
      out.print(USAGE);
      return 2;
    }
    long start = System.nanoTime();
    long end = start + (minutes ? number * 60_000_000_000L : Long.MAX_VALUE / 2);
    long cases = minutes ? MOST : number;
    ExecutorService workers = Executors.newFixedThreadPool(workers());
    try {
      compare(workers, first, cases, end);
    } finally {
      workers.shutdownNow();
    }
    out.print(tally.text());
    out.printf(
        "%d cases from seed %d in %d s, %d of them with another code of the same step%n",
        tally.cases(), first, (System.nanoTime() - start) / 1_000_000_000L, otherCodes);
    found.forEach(each -> out.println(each.text()));
    out.println(found.isEmpty() ? "No case differs." : found.size() + " cases differ.");
    return found.isEmpty() ? 0 : 1;
  }

  private static int workers() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / 2 + 1);
  }

  private void compare(ExecutorService workers, long first, long cases, long end)
      throws IOException, InterruptedException {
    List<Callable<Differential>> tasks = new ArrayList<>();
    int count = workers();
    for (int worker = 0; worker < count; worker++) {
      int offset = worker;
      tasks.add(
          () -> {
            Differential one =
                new Differential(RandomCases::of, Set.of(Planted.NOTHING), Differential.ENOUGH);
            long share = (cases - offset + count - 1) / count;
            for (long done = 0;
                done < share
                    && one.found(Planted.NOTHING).size() < Differential.ENOUGH
                    && System.nanoTime() - end < 0;
                done += STEP) {
              one.run(first + offset + done * count, Math.min(STEP, share - done), count);
            }
            return one;
          });
    }
    for (Future<Differential> future : workers.invokeAll(tasks)) {
      try {
        Differential one = future.get();
        tally.add(one.tally());
        found.addAll(one.found(Planted.NOTHING));
        otherCodes += one.otherCodes();
      } catch (ExecutionException e) {
        throw new IOException("a comparison broke off", e.getCause());
      }
    }
  }
}
