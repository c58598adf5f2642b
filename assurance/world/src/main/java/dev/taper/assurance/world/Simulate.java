package dev.taper.assurance.world;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The command {@code assurance/simulate}: lets worlds happen, one seed after the other, until a
 * history breaks a rule, or all are done.
 */
public final class Simulate {
  /** How many steps a plan has. */
  static final int STEPS = 400;

  private static final int SHORTENING = 300;
  private static final long MOST = 100_000_000;
  private static final String USAGE =
      """
      usage: assurance/simulate [SEEDS | MINUTESm] [FIRST SEED] [PLANTED FAULT]
             assurance/simulate planted [PLANTED FAULT ...]
      such as 200, or 10m 1000; without arguments, 100 seeds from 1. "planted" looks for planted
      faults until each is found, for all if none is named. They are:
      """;

  private final PrintStream out;
  private final LongSupplier nanos;
  private final Map<String, Integer> faults = new TreeMap<>();
  private final Map<String, Integer> answers = new TreeMap<>();
  private Supplier<Parts> parts = Parts::new;
  private long seeds;
  private long steps;
  private long calls;

  Simulate(PrintStream out, LongSupplier nanos) {
    this.out = out;
    this.nanos = nanos;
  }

  /** Runs the command: how many seeds or minutes, and the first seed; or planted faults. */
  public static void main(String[] args) {
    System.exit(new Simulate(System.out, System::nanoTime).run(args));
  }

  /** Returns the exit code: 0 if no history breaks a rule, 1 if one does, 2 for bad arguments. */
  int run(String... args) {
    long first;
    long most;
    Duration time;
    try {
      if (args.length > 0 && args[0].equals("planted")) {
        return new PlantedTable(out, nanos).print(planted(args)) ? 0 : 1;
      }
      String many = args.length > 0 ? args[0] : "100";
      boolean minutes = many.endsWith("m");
      long number = Long.parseLong(minutes ? many.substring(0, many.length() - 1) : many);
      most = minutes ? Long.MAX_VALUE : number;
      time = minutes ? Duration.ofMinutes(number) : Duration.ofDays(1);
      first = args.length > 1 ? Long.parseLong(args[1]) : 1;
      if (args.length > 2) {
        parts = planted(args[2])::parts;
      }
      if (number < 1 || number > MOST || args.length > 3) {
        throw new IllegalArgumentException("out of range");
      }
    } catch (IllegalArgumentException e) {
      out.print(USAGE);
      for (Planted fault : Planted.values()) {
        out.println("  " + fault.name().toLowerCase(Locale.ROOT));
      }
      return 2;
    }
    return run(first, most, time);
  }

  private static Planted planted(String name) {
    return Planted.valueOf(name.toUpperCase(Locale.ROOT));
  }

  /** The faults that are named behind the first argument; all if none is. */
  private static List<Planted> planted(String... args) {
    return args.length == 1
        ? List.of(Planted.values())
        : Arrays.stream(args).skip(1).map(Simulate::planted).toList();
  }

  private int run(long first, long most, Duration time) {
    long end = nanos.getAsLong() + time.toNanos();
    for (long seed = first; seeds < most && nanos.getAsLong() - end < 0; seed++) {
      List<Step> plan = Step.plan(seed, STEPS);
      History history = run(seed, plan);
      count(plan, history);
      @Nullable Broken broken = Checker.check(history);
      if (broken != null) {
        long which = seed;
        tell(which, Shortest.of(plan, fewer -> run(which, fewer), SHORTENING));
        return 1;
      }
    }
    out.print(summary(first));
    out.println("No history breaks a rule.");
    return 0;
  }

  private History run(long seed, List<Step> plan) {
    return World.run(seed, plan, parts.get());
  }

  private void count(List<Step> plan, History history) {
    seeds++;
    steps += plan.size();
    calls += history.calls();
    history.faults().forEach((kind, count) -> faults.merge(kind, count, Integer::sum));
    history.answers().forEach((answer, count) -> answers.merge(answer, count, Integer::sum));
  }

  private String summary(long first) {
    return "seeds    "
        + seeds
        + ", from "
        + first
        + "\nsteps    "
        + steps
        + "\ncalls    "
        + calls
        + ": "
        + listed(answers)
        + "\nfaults   "
        + listed(faults)
        + "\nrules    "
        + Rule.values().length
        + "\n";
  }

  private static String listed(Map<String, Integer> counts) {
    StringBuilder text = new StringBuilder();
    counts.forEach(
        (name, count) ->
            text.append(text.length() == 0 ? "" : ", ").append(count).append(' ').append(name));
    return text.toString();
  }

  private void tell(long seed, Shortest shortest) {
    out.println("seed     " + seed);
    out.println("broken   " + shortest.broken().text());
    int size = shortest.plan().size();
    out.println("history  " + size + (size == 1 ? " step is enough:" : " steps are enough:"));
    out.print(shortest.history().text());
  }
}
