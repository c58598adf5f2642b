package dev.taper.agent.memory;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.TaperException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts what calls use up, for all verifiers that share it. What was charged counts until its
 * window has passed, or for ever; only what was never used is given back. So a crash costs an
 * amount, and never lets one count twice. What it holds is bounded, and shared by {@link
 * MemoryFill}. Used from any thread. A store that may wait gives up at {@link
 * dev.taper.Deadline#current}.
 */
public interface Budgets {
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
  record Exhausted(int index, long left) implements Answer {}

  /**
   * Charges counters: all of them, or none if one has too little left. Of several callers at the
   * same time, no more succeed than the limits allow. Time never goes back in a counter, whatever
   * the callers' clocks say.
   *
   * @param charges of distinct counters
   * @param share whose part of the store new counters take
   * @param now the verifier's time
   * @throws TaperException {@link ErrorCode#BUDGET_UNAVAILABLE} if it cannot be found out, or there
   *     is no room for another counter; as far as the caller can know, nothing is charged then, and
   *     the call must be refused
   */
  Answer charge(List<Charge> charges, MemoryShare share, Instant now);

  /**
   * Gives back what was charged for a call that was never begun.
   *
   * @param charged what one {@link #charge} of this caller took, all of it, once
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

  /** How full the store is, without asking another process; null if that is not known. */
  default @Nullable Fill fill() {
    return null;
  }
}
