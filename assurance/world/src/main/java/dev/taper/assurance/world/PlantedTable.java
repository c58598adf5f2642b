package dev.taper.assurance.world;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Looks for every planted fault, and prints by what it is found. For one thread. */
final class PlantedTable {
  /** How long a fault is looked for: what is not found in that time is not found. */
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private static final int SHORTENING = 300;

  private final PrintStream out;
  private final LongSupplier nanos;

  PlantedTable(PrintStream out, LongSupplier nanos) {
    this.out = out;
    this.nanos = nanos;
  }

  /** Returns true if all are found. */
  boolean print(List<Planted> faults) {
    out.println("| planted fault | rule | seed | found in | shortest history |");
    out.println("| --- | --- | --- | --- | --- |");
    int found = 0;
    for (Planted fault : faults) {
      found += row(fault) ? 1 : 0;
    }
    out.println();
    out.println(found + " of " + faults.size() + " planted faults are found.");
    return found == faults.size();
  }

  private boolean row(Planted fault) {
    long since = nanos.getAsLong();
    for (long seed = 1; nanos.getAsLong() - since < LONGEST.toNanos(); seed++) {
      List<Step> plan = Step.plan(seed, Simulate.STEPS);
      long which = seed;
      Shortest.Trial trial = fewer -> World.run(which, fewer, fault.parts());
      if (Checker.check(trial.run(plan)) == null) {
        continue;
      }
      double seconds = (nanos.getAsLong() - since) / 1e9;
      Shortest shortest = Shortest.of(plan, trial, SHORTENING);
      out.printf(
          Locale.ROOT,
          "| %s | %s | %d | %.1f s | %d %s |%n",
          fault.text(),
          shortest.broken().rule().words(),
          seed,
          seconds,
          shortest.plan().size(),
          shortest.plan().size() == 1 ? "step" : "steps");
      return true;
    }
    out.printf(Locale.ROOT, "| %s | not found | | | |%n", fault.text());
    return false;
  }
}
