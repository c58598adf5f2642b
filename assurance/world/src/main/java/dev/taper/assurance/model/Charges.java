package dev.taper.assurance.model;

import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Calls that are charged to a budget, which is one for ever or one for every minute. Some get no
 * answer of the store, some are never begun and given back. No budget is exceeded: what was let
 * through and not given back is never more than the limit, whatever minute is looked at.
 */
final class Charges {
  /** What a step is. */
  enum Step {
    ONE,
    TWO,
    /** The store charges one, and its answer gets lost: the call is refused. */
    ONE_ANSWER_LOST,
    /** The call that was let through last was never begun. */
    GIVEN_BACK,
    HALF_A_MINUTE,
    A_MINUTE
  }

  /** The real store, and a wrong one in each of the others. */
  enum Parts {
    REAL,
    /** A call is let through if the store does not answer, whether or not it was asked. */
    SILENCE_IS_YES,
    /** It looks whether one call alone is within the limit. */
    EACH_CALL_ALONE,
    /** A minute begins when the clock says so, whatever was charged a moment ago. */
    WHOLE_MINUTES,
    /** What is given back is given back twice. */
    GIVEN_BACK_TWICE
  }

  private static final long LIMIT = 3;
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final MemoryShare SHARE = MemoryShare.of("user:alice", new byte[] {1});

  private record Passed(Instant at, long amount) {}

  private final Parts parts;

  /** Whether the limit is one for every minute. */
  private final boolean windowed;

  Charges(Parts parts, boolean windowed) {
    this.parts = parts;
    this.windowed = windowed;
  }

  /** Plays a history; returns the law that it breaks, or null. */
  @Nullable String play(List<Step> history) {
    Store store = new Store();
    List<Passed> passed = new ArrayList<>();
    for (Step step : history) {
      store.take(step, passed);
      for (Passed first : passed) {
        if (within(passed, first.at) > LIMIT) {
          return windowed ? "no budget of a minute is exceeded" : "no budget is exceeded";
        }
      }
    }
    return null;
  }

  /** What was let through from a time on, for ever or for a minute. */
  private long within(List<Passed> passed, Instant from) {
    return passed.stream()
        .filter(
            each -> !windowed || (!each.at.isBefore(from) && each.at.isBefore(from.plus(MINUTE))))
        .mapToLong(Passed::amount)
        .sum();
  }

  private final class Store {
    private final Budgets budgets = Budgets.forThisProcessOnly(8);
    private final MovedClock clock = new MovedClock();
    private final List<Budgets.Charged> charged = new ArrayList<>();

    void take(Step step, List<Passed> passed) {
      switch (step) {
        case ONE -> call(1, passed);
        case TWO -> call(2, passed);
        case ONE_ANSWER_LOST -> {
          if (parts == Parts.SILENCE_IS_YES) {
            passed.add(new Passed(clock.instant(), 1));
          } else {
            charge(1);
          }
        }
        case GIVEN_BACK -> giveBack(passed);
        case HALF_A_MINUTE -> clock.move(MINUTE.dividedBy(2));
        case A_MINUTE -> clock.move(MINUTE);
      }
    }

    private Budgets.Answer charge(long amount) {
      Instant now = clock.instant();
      String counter = parts == Parts.WHOLE_MINUTES ? "c" + now.getEpochSecond() / 60 : "c";
      if (parts == Parts.EACH_CALL_ALONE) {
        counter += charged.size();
      }
      Duration window = windowed && parts != Parts.WHOLE_MINUTES ? MINUTE : null;
      return budgets.charge(
          List.of(new Budgets.Charge(counter, amount, LIMIT, window)), SHARE, now);
    }

    private void call(long amount, List<Passed> passed) {
      if (charge(amount) instanceof Budgets.Charged taken) {
        charged.add(taken);
        passed.add(new Passed(clock.instant(), amount));
      }
    }

    private void giveBack(List<Passed> passed) {
      if (charged.isEmpty() || parts == Parts.SILENCE_IS_YES) {
        return;
      }
      Budgets.Charged last = charged.remove(charged.size() - 1);
      passed.remove(passed.size() - 1);
      budgets.giveBack(last);
      if (parts == Parts.GIVEN_BACK_TWICE) {
        budgets.giveBack(last);
      }
    }
  }
}
