package dev.taper.agent.memory;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.Given;
import dev.taper.TaperException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Takes leases from a shared store. What a lease holds is charged there when it is taken, so all
 * that is ever spent from leases was counted before: the overshoot is zero, whoever crashes. One
 * thread at a time asks the store about a counter; others that need more of it wait until it is
 * answered, so that nobody is refused for what is on its way. Thread-safe.
 */
final class LeasedBudgets implements Budgets.Leased {
  /** How many counters are looked after, each of which takes about 200 bytes. */
  static final int MOST = 4096;

  private final Budgets shared;
  private final int parts;
  private final Duration longest;
  private final int most;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition answered = lock.newCondition();

  // Guarded by the lock.
  private final Map<String, Counter> counters = new LinkedHashMap<>(16, 0.75f, true);
  private Instant latest = Instant.MIN;
  private boolean closed;

  LeasedBudgets(Budgets shared, int parts, Duration longest, int most) {
    this.shared = Given.that(shared, "the shared store of budgets");
    if (parts < 2) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a limit is cut into two leases at least, not " + parts);
    }
    if (longest.isNegative() || longest.isZero()) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a lease is good for some time, not " + longest);
    }
    this.parts = parts;
    this.longest = longest;
    this.most = most;
  }

  /** What this process knows of a counter. Guarded by the lock. */
  private static final class Counter {
    /** Until when what it holds is good. */
    Instant end = Instant.MIN;

    /** What calls took from the store without a lease since it was last empty. */
    long taken;

    /** What is left of a lease. */
    long left;

    /** The limit against which the lease was charged. */
    long limit;

    /** How many calls wait for the store, of which one at most for this counter. */
    int asking;

    long holdsFor(Budgets.Charge charge) {
      return charge.limit() < limit ? 0 : left; // others may have spent more than a smaller limit
    }
  }

  /**
   * What a charge takes.
   *
   * @param charge the charge
   * @param counter its counter; null if that is not looked after
   * @param held what it takes from a lease
   * @param asked what the store is asked for
   * @param leases true if the store is asked for a new lease, of which the charge takes its part
   */
  private record Draw(
      Budgets.Charge charge, @Nullable Counter counter, long held, long asked, boolean leases) {
    boolean asks() {
      return asked > 0 || charge.window() != null;
    }

    /** What the charge leaves of a new lease. */
    long rest() {
      return leases ? asked - (charge.amount() - held) : 0;
    }

    Budgets.Charge question() {
      return of(charge, asked);
    }
  }

  private static Budgets.Charge of(Budgets.Charge charge, long amount) {
    return new Budgets.Charge(charge.counter(), amount, charge.limit(), charge.window());
  }

  @Override
  public Answer charge(List<Budgets.Charge> charges, MemoryShare share, Instant now) {
    Answer answer = charge(charges, share, now, true);
    return answer != null
        ? answer
        : Objects.requireNonNull(charge(charges, share, now, false), "nothing was leased");
  }

  /**
   * Charges, with leases where they are due or without.
   *
   * @return null if too little is left for a lease
   */
  private @Nullable Answer charge(
      List<Budgets.Charge> charges, MemoryShare share, Instant now, boolean mayLease) {
    List<Draw> draws = draw(charges, now, mayLease);
    List<Draw> asking = draws.stream().filter(Draw::asks).toList();
    if (asking.isEmpty()) {
      return new Charged(charges, Collections.nCopies(charges.size(), 0L));
    }
    Answer answer = null;
    try {
      answer = shared.charge(asking.stream().map(Draw::question).toList(), share, now);
    } finally {
      settle(draws, answer instanceof Charged);
    }
    if (answer instanceof Exhausted exhausted) {
      Draw draw = asking.get(exhausted.index());
      return asking.stream().anyMatch(Draw::leases)
          ? null
          : new Exhausted(draws.indexOf(draw), exhausted.left() + draw.held);
    }
    List<Long> fell = new ArrayList<>(Collections.nCopies(charges.size(), 0L));
    List<Long> parts = ((Charged) answer).parts();
    for (int i = 0; i < asking.size(); i++) {
      fell.set(draws.indexOf(asking.get(i)), parts.get(i));
    }
    return new Charged(charges, fell);
  }

  /** Takes what leases hold, and says what the store has to be asked for. */
  private List<Draw> draw(List<Budgets.Charge> charges, Instant now, boolean mayLease) {
    lock.lock();
    try {
      latest = now.isAfter(latest) ? now : latest;
      awaitAnswers(charges);
      List<Draw> draws = new ArrayList<>(charges.size());
      boolean asks = false;
      for (Budgets.Charge charge : charges) {
        Counter counter = charge.window() == null ? counter(charge.counter()) : null;
        Draw draw = draw(charge, counter, mayLease);
        if (counter != null) {
          counter.left -= draw.held;
        }
        asks |= draw.asks();
        draws.add(draw);
      }
      if (asks) {
        draws.forEach(draw -> asks(draw.counter, 1));
      }
      return draws;
    } finally {
      lock.unlock();
    }
  }

  private static void asks(@Nullable Counter counter, int more) {
    if (counter != null) {
      counter.asking += more;
    }
  }

  private Draw draw(Budgets.Charge charge, @Nullable Counter counter, boolean mayLease) {
    if (counter == null) {
      return new Draw(charge, null, 0, charge.amount(), false);
    }
    long held = Math.min(counter.holdsFor(charge), charge.amount());
    long asked = charge.amount() - held;
    long lease = charge.limit() / parts;
    boolean leases =
        mayLease
            && !closed
            && asked > 0
            && asked <= lease
            && counter.taken >= lease
            && counter.left == held;
    return new Draw(charge, counter, held, leases ? lease : asked, leases);
  }

  /** True if more is needed of a counter about which the store is being asked. */
  private boolean isAskedForMore(List<Budgets.Charge> charges) {
    for (Budgets.Charge charge : charges) {
      Counter counter = charge.window() == null ? counters.get(charge.counter()) : null;
      if (counter != null && counter.asking > 0 && charge.amount() > counter.holdsFor(charge)) {
        return true;
      }
    }
    return false;
  }

  /** Waits, in its turn of the lock, until the store has answered whom these charges wait for. */
  private void awaitAnswers(List<Budgets.Charge> charges) {
    Deadline deadline = Deadline.current();
    boolean isInTime = true;
    try {
      while (isInTime && isAskedForMore(charges)) {
        if (deadline == null) {
          answered.await();
        } else {
          isInTime = answered.awaitNanos(deadline.left().toNanos()) > 0;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      isInTime = false;
    }
    if (!isInTime) {
      throw new TaperException(
          ErrorCode.BUDGET_UNAVAILABLE, "the store of budgets did not answer another call in time");
    }
  }

  /**
   * The counter of that name, without what of its lease has ended, which counts as spent; null if
   * there is no room to look after it.
   */
  private @Nullable Counter counter(String name) {
    Counter counter = counters.get(name);
    if (counter == null) {
      if (counters.size() >= most && !dropsLongestUnused()) {
        return null;
      }
      counter = new Counter();
      counters.put(name, counter);
    }
    if (hasEnded(counter)) {
      counter.taken = 0;
      counter.left = 0;
      counter.limit = 0;
      counter.end = latest.plus(longest);
    }
    return counter;
  }

  /** Makes room, if that costs nobody a lease: then new counters are asked for at the store. */
  private boolean dropsLongestUnused() {
    Map.Entry<String, Counter> longestUnused = counters.entrySet().iterator().next();
    Counter counter = longestUnused.getValue();
    boolean isFree = counter.asking == 0 && (counter.left == 0 || hasEnded(counter));
    if (isFree) {
      counters.remove(longestUnused.getKey());
    }
    return isFree;
  }

  private boolean hasEnded(Counter counter) {
    return counter.asking == 0 && !latest.isBefore(counter.end);
  }

  /** Notes what the store answered; without an answer, nothing is charged as far as is known. */
  private void settle(List<Draw> draws, boolean isCharged) {
    List<Budgets.Charge> rests = new ArrayList<>();
    lock.lock();
    try {
      for (Draw draw : draws) {
        Counter counter = draw.counter;
        if (counter != null) {
          counter.asking--;
          long unused = isCharged ? draw.rest() : draw.held;
          if (closed && unused > 0) {
            rests.add(of(draw.charge, unused));
          } else {
            counter.left += unused;
          }
          if (isCharged && draw.leases) {
            counter.limit = draw.charge.limit();
            counter.end = latest.plus(longest);
          } else if (isCharged) {
            counter.taken += Math.min(Long.MAX_VALUE - counter.taken, draw.asked);
          }
        }
      }
      answered.signalAll();
    } finally {
      lock.unlock();
    }
    rests.forEach(this::giveBackRest);
  }

  @Override
  public void giveBack(Charged charged) {
    shared.giveBack(charged); // all of it was charged there, by this call or with a lease
  }

  @Override
  public @Nullable Exhausted look(List<Budgets.Charge> charges, Instant now) {
    List<Budgets.Charge> without = new ArrayList<>(charges.size());
    lock.lock();
    try {
      for (Budgets.Charge charge : charges) {
        Counter counter = charge.window() == null ? counters.get(charge.counter()) : null;
        long held =
            counter == null || !now.isBefore(counter.end) || hasEnded(counter)
                ? 0
                : counter.holdsFor(charge);
        without.add(of(charge, Math.max(0, charge.amount() - held)));
      }
    } finally {
      lock.unlock();
    }
    Exhausted exhausted = shared.look(without, now);
    if (exhausted == null) {
      return null;
    }
    int index = exhausted.index();
    long held = charges.get(index).amount() - without.get(index).amount();
    return new Exhausted(index, exhausted.left() + held);
  }

  @Override
  public boolean mayWait() {
    return shared.mayWait();
  }

  @Override
  public @Nullable Fill fill() {
    return shared.fill();
  }

  @Override
  public void close() {
    List<Budgets.Charge> rests = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      counters.forEach(
          (name, counter) -> {
            if (counter.left > 0 && !hasEnded(counter)) {
              rests.add(new Budgets.Charge(name, counter.left, counter.limit, null));
            }
            counter.left = 0;
          });
    } finally {
      lock.unlock();
    }
    rests.forEach(this::giveBackRest);
  }

  private void giveBackRest(Budgets.Charge rest) {
    try {
      shared.giveBack(new Charged(List.of(rest), List.of(0L)));
    } catch (RuntimeException e) {
      // It stays spent: that costs somebody an amount, and never lets one count twice.
    }
  }
}
