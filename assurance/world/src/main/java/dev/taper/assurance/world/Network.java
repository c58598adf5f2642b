package dev.taper.assurance.world;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.memory.ReplayMemory;
import java.time.Duration;
import java.util.function.Function;

/**
 * What is between verifiers and their store. Messages take time, get lost on the way there or back,
 * and do not arrive where something is cut. Whoever waits does so until its deadline. For one
 * thread.
 */
final class Network {
  /** The time that somebody waits who has no deadline. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private static final Duration SLOW = Duration.ofMillis(40);
  private static final Duration FAST = Duration.ofMillis(4);

  /** The world around. */
  interface Surroundings {
    /** Lets others do something while somebody waits. */
    void goOn();

    /** The chances of the present step. */
    Luck luck();

    /** Crashes the store. */
    void crashStore();
  }

  /** A process died while it waited. It is an error, so that nothing of the process handles it. */
  static final class Died extends Error {
    private static final long serialVersionUID = 1L;

    Died() {
      super("the process died", null, false, false);
    }
  }

  private final WorldTime time;
  private final Store store;
  private final Surroundings around;
  private int lost;
  private int unheard;

  Network(WorldTime time, Store store, Surroundings around) {
    this.time = time;
    this.store = store;
    this.around = around;
  }

  /**
   * Asks the store.
   *
   * @param from who asks
   * @param unavailable the code for no answer
   * @param check refuses before anything is done; the answer is lost as any other is
   * @param work what the store does
   */
  <T> T ask(
      Connection from,
      ErrorCode unavailable,
      Runnable check,
      Function<ReplayMemory.Joined, T> work) {
    from.requireLiving();
    Deadline deadline = Deadline.current();
    Deadline until = deadline == null ? Deadline.in(PATIENCE, time::nanos) : deadline;
    if (until.left().isZero()) {
      throw noAnswer(until, unavailable);
    }
    travel();
    around.goOn();
    from.requireLiving();
    if (from.isCut() || !store.isUp() || around.luck().percent(3)) {
      lost++;
      throw noAnswer(until, unavailable);
    }
    if (around.luck().below(1000) == 0) {
      around.crashStore(); // before it wrote anything
      throw noAnswer(until, unavailable);
    }
    check.run();
    T answer = store.does(work);
    if (around.luck().below(1000) == 0) {
      around.crashStore(); // after it wrote, before it answered
    }
    around.goOn();
    from.requireLiving();
    if (from.isCut() || !store.isUp() || around.luck().percent(4)) {
      unheard++;
      throw noAnswer(until, unavailable);
    }
    travel();
    if (until.left().isZero()) {
      unheard++;
      throw noAnswer(until, unavailable);
    }
    return answer;
  }

  private void travel() {
    time.pass(around.luck().upTo(around.luck().percent(10) ? SLOW : FAST));
  }

  private TaperException noAnswer(Deadline until, ErrorCode unavailable) {
    time.pass(until.left());
    return new TaperException(unavailable, "no answer in time");
  }

  /** How many requests did not reach the store. */
  int lost() {
    return lost;
  }

  /** How many answers of the store did not reach who had asked. */
  int unheard() {
    return unheard;
  }
}
