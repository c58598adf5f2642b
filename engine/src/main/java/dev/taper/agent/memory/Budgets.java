package dev.taper.agent.memory;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.TaperException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts what calls use up, for all verifiers that share it. What was charged counts until its
 * window has passed, or for ever; only what was never used is given back. So a crash costs an
 * amount, and never lets one count twice. What it holds is bounded, and shared by {@link
 * MemoryShare.Room}. Used from any thread. A store that may wait gives up at {@link
 * dev.taper.Deadline#current}.
 */
public interface Budgets {
  /** A store of this process for 65,536 counters, which end with it. */
  static Budgets forThisProcessOnly() {
    return forThisProcessOnly(InMemoryBudgets.DEFAULT_CAPACITY);
  }

  /**
   * A store of this process, whose counters end with it: good for one process whose limits may
   * start anew with it, such as limits of rate. A counter without a window is never dropped, and
   * one with a window only when nothing of it counts any more; a store without room for another one
   * refuses. A counter takes about 300 bytes; charging takes constant time for each, and a sixtieth
   * of a window's parts, under one lock.
   *
   * @param capacity the most counters, at least 1
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a capacity below 1
   */
  static Budgets forThisProcessOnly(int capacity) {
    return new InMemoryBudgets(capacity);
  }

  /** A store in a folder, for 16,384 counters. */
  static Budgets inFolder(Path folder) {
    return inFolder(folder, FolderBudgets.DEFAULT_CAPACITY);
  }

  /**
   * A store in a folder, for all processes of a machine that share it and from run to run. A
   * counter is a file; a charge is on the disk before it counts, and a crash can only leave
   * something charged that nobody was told of. The folder must be on a disk of the machine, and can
   * be that of {@link ReplayMemory#inFolder(Path, int)}. Each charge takes as long as the disk.
   *
   * @param folder the folder, made when it is needed, which others than its owner must not be able
   *     to change
   * @param capacity the most counters, at least 1; the same in all processes
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a capacity below 1
   */
  static Budgets inFolder(Path folder, int capacity) {
    return new FolderBudgets(folder, capacity);
  }

  /**
   * A store that takes leases from a shared one, so that few calls have to ask it. A lease is
   * charged there when it is taken: nothing is ever spent that was not counted before, and the
   * overshoot is zero. It is of fixed size, a part of the budget's limit, and taken where calls
   * took as much without one in the time that a lease is good for; a budget with a window has none.
   * If less is left than a lease, the store is asked for what the call needs, so a budget can be
   * used up exactly. What is left of a lease at its end, or at a crash, counts as spent; {@link
   * Leased#close} gives back what is left before. Until then, other verifiers cannot have it.
   *
   * <p>Of one counter that tokens know with several limits, a lease is good for those that are no
   * smaller than its own; for a smaller one the store is asked, which counts leases as spent.
   *
   * @param shared the store; closed by the caller, later
   * @param parts how many leases a limit is, at least 2: 100 makes a hundredth of it
   * @param longest how long a lease is good, without asking the store
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for fewer parts, or no time
   */
  static Leased leasing(Budgets shared, int parts, Duration longest) {
    return new LeasedBudgets(shared, parts, longest, LeasedBudgets.MOST);
  }

  /** A store that takes leases from a shared one: {@link Budgets#leasing}. */
  interface Leased extends Budgets, AutoCloseable {
    /** Gives back what is left of leases. From then on every charge is asked for at the store. */
    @Override
    void close();
  }

  /** What became of charges. */
  sealed interface Answer permits Charged, Exhausted {}

  /**
   * All counters are charged.
   *
   * @param charges what was charged
   * @param parts into which part of its window each fell; 0 for those without one
   */
  record Charged(List<Charge> charges, List<Long> parts) implements Answer {
    /** Copies the lists. */
    public Charged {
      charges = List.copyOf(charges);
      parts = List.copyOf(parts);
    }
  }

  /**
   * Nothing is charged, as one counter had too little left.
   *
   * @param index of the first such charge, counted from 0
   * @param left how much was left; for operators
   */
  record Exhausted(int index, long left) implements Answer {
    /**
     * What a charge lacks; null if there is enough left.
     *
     * @param index of the charge, counted from 0
     * @param charge the charge
     * @param spent what its counter holds that still counts, not negative
     */
    public static @Nullable Exhausted of(int index, Charge charge, long spent) {
      long left = charge.limit() - spent; // neither is negative
      return charge.amount() > left ? new Exhausted(index, Math.max(0, left)) : null;
    }
  }

  /**
   * Charges counters: all of them, or none if one has too little left. Of several callers at the
   * same time, no more succeed than the limits allow. Time never goes back in a counter, whatever
   * the callers' clocks say.
   *
   * @param charges of distinct counters
   * @param share whose part of the store new counters take
   * @param now the verifier's time
   * @throws TaperException {@link ErrorCode#BUDGET_UNAVAILABLE} if it cannot be found out, {@link
   *     ErrorCode#BUDGETS_FULL} if there is no room for another counter; as far as the caller can
   *     know, nothing is charged then, and the call must be refused
   */
  Answer charge(List<Charge> charges, MemoryShare share, Instant now);

  /**
   * Gives back what was charged for a call that was never begun.
   *
   * @param charged what one {@link #charge} of this caller took, once: all of it, or of a budget
   *     without a window a part
   * @throws TaperException {@link ErrorCode#BUDGET_UNAVAILABLE} if it may still count
   */
  void giveBack(Charged charged);

  /**
   * Looks up how much is left of counters, for previews and operators. It may have changed when the
   * answer arrives.
   *
   * @param charges of distinct counters
   * @param now the verifier's time
   * @return null if all could be charged; else the first that has too little left
   * @throws TaperException {@link ErrorCode#BUDGET_UNAVAILABLE} if it cannot be found out
   */
  @Nullable Exhausted look(List<Charge> charges, Instant now);

  /** As {@link ReplayMemory#mayWait}. */
  default boolean mayWait() {
    return true;
  }

  /** How full the store is, without asking another process; null if that is not known. */
  default @Nullable Fill fill() {
    return null;
  }

  /**
   * Cuts time into parts, so that a window is counted in a bounded number of them. A charge counts
   * until the end of its part and the window's length have passed: so a window of that length never
   * holds more than its limit, and what is charged may count up to a sixtieth longer than it would
   * have to. Immutable and thread-safe.
   *
   * @param part the length of a part, in milliseconds
   * @param parts how many parts count at a time, the current one included
   */
  record Window(long part, int parts) {
    /** Into how many parts a window is cut. */
    public static final int PARTS = 60;

    /** The parts of a window. */
    public static Window of(Duration window) {
      long millis = window.toMillis();
      long part = Math.max(1, (millis + PARTS - 1) / PARTS);
      return new Window(part, (int) ((millis + part - 1) / part) + 1);
    }

    /** From when on nothing of a part counts. */
    public Instant end(long number) {
      return Instant.ofEpochMilli((number + parts) * part);
    }

    /** The number of the part that a time falls into. */
    public long at(Instant time) {
      return Math.floorDiv(time.toEpochMilli(), part);
    }
  }

  /**
   * What one call takes from one counter.
   *
   * @param counter names the counter among all: 64 hex digits
   * @param amount how much, not negative
   * @param limit the most that the counter may hold, not negative
   * @param window the limit holds for every window of this length; null: for ever
   */
  record Charge(String counter, long amount, long limit, @Nullable Duration window) {}
}
