package dev.taper.agent.memory;

import dev.taper.testing.Child;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/** Claims by many threads in two processes, and by one that is killed. */
public final class ContractClaims {
  private static final int THREADS = 8;

  /** The attempts of a long race; see {@link #attempts}. */
  private static final String ATTEMPTS = "taper.claims";

  /** How many threads of all processes try each number in a long race of {@link Race#once}. */
  private static final int RIVALS = 4;

  /** Claims what has a number; true if it got it. */
  public interface Claimer {
    /** Claims it. */
    boolean claim(int number);

    /** True if this process knows by itself that it is used up. */
    default boolean knows(int number) {
      return false;
    }
  }

  /** Opens a memory in another process. */
  public interface Opener {
    /** Opens the memory that has this address. */
    Claimer open(String address);
  }

  private ContractClaims() {}

  /**
   * How many attempts a long race has, each of which asks the memory. Null: races are short, and
   * what a process knows by itself, it does not ask.
   */
  static @Nullable Integer attempts() {
    return Integer.getInteger(ATTEMPTS);
  }

  /**
   * How a race goes.
   *
   * @param distinct how many numbers there are
   * @param rivals how many threads of each process try a number
   * @param passes how many times each of them does
   */
  record Race(int distinct, int rivals, int passes) {
    /** A short race: all threads try all numbers. */
    private static Race shortly(int distinct, int passes) {
      return new Race(distinct, THREADS, passes);
    }

    /**
     * A race for what can be had once, or a few times. If it is long, there are many numbers, and
     * each is tried by two threads of each of two processes (or four threads of one).
     *
     * @param processes how many
     * @param distinct how many numbers a short race has
     * @param passes how many times each thread tries each of them in a short race
     */
    static Race once(int processes, int distinct, int passes) {
      Integer attempts = attempts();
      return attempts == null
          ? shortly(distinct, passes)
          : new Race(numbers(attempts / RIVALS), RIVALS / processes, 1);
    }

    /**
     * A race for what can be had often.
     *
     * @param processes how many
     * @param distinct how many numbers a short race has, in which each thread tries each once
     * @param tries how many times each number is tried in a long race
     */
    static Race often(int processes, int distinct, int tries) {
      Integer attempts = attempts();
      return attempts == null
          ? shortly(distinct, 1)
          : new Race(numbers(attempts / tries), THREADS, tries / (THREADS * processes));
    }

    /** The threads share all numbers evenly, so that each is tried as often as it should be. */
    private static int numbers(int about) {
      return Math.max(1, about / THREADS) * THREADS;
    }

    private String[] args() {
      return new String[] {
        String.valueOf(distinct), String.valueOf(rivals), String.valueOf(passes)
      };
    }
  }

  /**
   * Races for numbers, in this process and in another one, if there is an address.
   *
   * @param here claims in this process
   * @param elsewhere the class that opens the memory in another process, and its address; or none
   * @return what both got, in order
   */
  static List<Integer> race(Claimer here, List<String> elsewhere, Race race) {
    if (elsewhere.isEmpty()) {
      return run(here, race);
    }
    try (Child other = start(elsewhere, "race", race)) {
      List<Integer> won = run(here, race);
      won.addAll(numbers(Objects.requireNonNull(other.line())));
      Collections.sort(won);
      return won;
    }
  }

  /**
   * Lets another process claim one number after the other, and kills it.
   *
   * @param atLeast how many it must have got before
   * @return what it said that it got
   */
  static List<Integer> killed(List<String> elsewhere, int atLeast) {
    List<Integer> told = new ArrayList<>();
    try (Child other = start(elsewhere, "steadily", Race.shortly(Integer.MAX_VALUE, 1))) {
      while (told.size() < atLeast) {
        told.addAll(numbers(Objects.requireNonNull(other.line())));
      }
      other.kill();
      for (String line = other.line(); line != null; line = other.line()) {
        told.addAll(numbers(line));
      }
    }
    return told;
  }

  private static Child start(List<String> elsewhere, String mode, Race race) {
    List<String> args = new ArrayList<>(elsewhere);
    args.add(mode);
    args.addAll(List.of(race.args()));
    args.add(String.valueOf(Objects.requireNonNullElse(attempts(), "")));
    Child other = new Child(ContractClaims.class, args.toArray(new String[0]));
    if (!"ready".equals(other.line())) {
      other.close();
      throw new IllegalStateException("the other process did not start");
    }
    other.tell("go");
    return other;
  }

  /** The numbers of a line; none if it is not whole. */
  private static List<Integer> numbers(String line) {
    List<Integer> numbers = new ArrayList<>();
    if (line.endsWith(".")) {
      for (String number : line.substring(0, line.length() - 1).split(" ", -1)) {
        if (!number.isEmpty()) {
          numbers.add(Integer.valueOf(number));
        }
      }
    }
    return numbers;
  }

  /** Claims from several threads, each in another order; what they got. */
  private static List<Integer> run(Claimer claimer, Race race) {
    AtomicIntegerArray won = new AtomicIntegerArray(race.distinct);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int first = race.distinct / THREADS * t;
      Thread thread = new Thread(() -> claim(claimer, first, race, won));
      thread.start();
      threads.add(thread);
    }
    threads.forEach(ContractClaims::join);
    List<Integer> all = new ArrayList<>();
    for (int number = 0; number < race.distinct; number++) {
      for (int i = 0; i < won.get(number); i++) {
        all.add(number);
      }
    }
    return all;
  }

  private static void claim(Claimer claimer, int first, Race race, AtomicIntegerArray won) {
    boolean asksAlways = attempts() != null;
    int count = race.distinct / THREADS * race.rivals;
    for (int i = 0; i < race.passes * count; i++) {
      int number = (first + i % count) % race.distinct;
      // In the first pass the memory is asked in any case.
      if ((i < count || asksAlways || !claimer.knows(number)) && claimer.claim(number)) {
        won.incrementAndGet(number);
      }
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The other process: opener's class, address, what to do, the race, the attempts. */
  public static void main(String[] args) throws IOException, ReflectiveOperationException {
    if (!args[6].isEmpty()) {
      System.setProperty(ATTEMPTS, args[6]);
    }
    Opener opener =
        Class.forName(args[0]).asSubclass(Opener.class).getDeclaredConstructor().newInstance();
    Claimer claimer = opener.open(args[1]);
    Race race =
        new Race(Integer.parseInt(args[3]), Integer.parseInt(args[4]), Integer.parseInt(args[5]));
    System.out.println("ready");
    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    if (args[2].equals("race")) {
      say(run(claimer, race));
    } else {
      for (int number = 0; number < race.distinct; number++) {
        if (claimer.claim(number)) {
          say(List.of(number));
        }
      }
    }
    System.exit(0); // whatever threads a memory has
  }

  private static void say(List<Integer> numbers) {
    StringBuilder line = new StringBuilder();
    numbers.forEach(number -> line.append(number).append(' '));
    System.out.println(line.append('.'));
    System.out.flush();
  }
}
