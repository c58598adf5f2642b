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

  /**
   * How many attempts a race has, each of which asks the memory: as many as are told, which takes
   * its time. Null: as many as a test says, and what a process knows by itself, it does not ask.
   */
  private static final @Nullable Integer ATTEMPTS = Integer.getInteger("taper.claims");

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
   * Races for numbers, in this process and in another one, if there is an address.
   *
   * @param here claims in this process
   * @param elsewhere the class that opens the memory in another process, and its address; or none
   * @param distinct how many numbers
   * @param passes how many times each thread tries each
   * @return what both got, in order
   */
  static List<Integer> race(Claimer here, List<String> elsewhere, int distinct, int passes) {
    int processes = elsewhere.isEmpty() ? 1 : 2;
    int times = ATTEMPTS == null ? passes : 1 + ATTEMPTS / (processes * THREADS * distinct);
    if (elsewhere.isEmpty()) {
      return race(claimer(here), distinct, times);
    }
    try (Child other = start(elsewhere, "race", distinct, times)) {
      List<Integer> won = race(claimer(here), distinct, times);
      won.addAll(numbers(Objects.requireNonNull(other.line())));
      Collections.sort(won);
      return won;
    }
  }

  /** One that always asks the memory, if so many attempts are told. */
  private static Claimer claimer(Claimer usual) {
    return ATTEMPTS == null ? usual : number -> usual.claim(number);
  }

  /**
   * Lets another process claim one number after the other, and kills it.
   *
   * @param atLeast how many it must have got before
   * @return what it said that it got
   */
  static List<Integer> killed(List<String> elsewhere, int atLeast) {
    List<Integer> told = new ArrayList<>();
    try (Child other = start(elsewhere, "steadily", Integer.MAX_VALUE, 1)) {
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

  private static Child start(List<String> elsewhere, String mode, int distinct, int passes) {
    List<String> args = new ArrayList<>(elsewhere);
    args.addAll(List.of(mode, String.valueOf(distinct), String.valueOf(passes)));
    args.add(String.valueOf(ATTEMPTS != null));
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
  private static List<Integer> race(Claimer claimer, int distinct, int passes) {
    AtomicIntegerArray won = new AtomicIntegerArray(distinct);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int first = distinct / THREADS * t;
      Thread thread = new Thread(() -> claim(claimer, first, passes, won));
      thread.start();
      threads.add(thread);
    }
    threads.forEach(ContractClaims::join);
    List<Integer> all = new ArrayList<>();
    for (int number = 0; number < distinct; number++) {
      for (int i = 0; i < won.get(number); i++) {
        all.add(number);
      }
    }
    return all;
  }

  private static void claim(Claimer claimer, int first, int passes, AtomicIntegerArray won) {
    int distinct = won.length();
    for (int i = 0; i < passes * distinct; i++) {
      int number = (first + i) % distinct;
      // In the first pass the memory is asked in any case.
      if ((i < distinct || !claimer.knows(number)) && claimer.claim(number)) {
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

  /** The other process: opener's class, address, what to do, how many, passes, ask each time. */
  public static void main(String[] args) throws IOException, ReflectiveOperationException {
    Opener opener =
        Class.forName(args[0]).asSubclass(Opener.class).getDeclaredConstructor().newInstance();
    Claimer claimer = opener.open(args[1]);
    int distinct = Integer.parseInt(args[3]);
    System.out.println("ready");
    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    if (args[2].equals("race")) {
      Claimer one = Boolean.parseBoolean(args[5]) ? number -> claimer.claim(number) : claimer;
      say(race(one, distinct, Integer.parseInt(args[4])));
    } else {
      for (int number = 0; number < distinct; number++) {
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
