package dev.taper.assurance.world;

import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Leases that let more be spent than was counted. */
final class PlantedLeases {
  private PlantedLeases() {}

  /** What all do alike: they pass on what they are asked. */
  private abstract static class Passing implements Budgets {
    final Budgets shared;

    Passing(Budgets shared) {
      this.shared = shared;
    }

    @Override
    public Answer charge(List<Charge> charges, MemoryShare share, Instant now) {
      return shared.charge(charges, share, now);
    }

    @Override
    public void giveBack(Charged charged) {
      shared.giveBack(charged);
    }

    @Override
    public @Nullable Exhausted look(List<Charge> charges, Instant now) {
      return shared.look(charges, now);
    }
  }

  /** Remembers which leases a process took, and gives them back when it dies. */
  static final class GivenBackWhole extends Passing implements Budgets.Leased {
    private final Budgets.Leased leased;
    private final List<Charged> leases = new ArrayList<>();

    /**
     * Takes leases.
     *
     * @param leasing how leases are taken
     */
    GivenBackWhole(Budgets shared, Leasing leasing) {
      super(shared);
      this.leased = leasing.of(new Noting(shared));
    }

    /** How leases are taken from a store. */
    interface Leasing {
      /** Takes leases from it. */
      Budgets.Leased of(Budgets shared);
    }

    private final class Noting extends Passing {
      Noting(Budgets shared) {
        super(shared);
      }

      @Override
      public Answer charge(List<Charge> charges, MemoryShare share, Instant now) {
        Answer answer = super.charge(charges, share, now);
        if (answer instanceof Charged charged
            && charges.stream().anyMatch(charge -> charge.amount() > 1)) {
          leases.add(charged);
        }
        return answer;
      }
    }

    @Override
    public Answer charge(List<Charge> charges, MemoryShare share, Instant now) {
      return leased.charge(charges, share, now);
    }

    /** Gives back all leases of the process. */
    void died() {
      try {
        leases.forEach(shared::giveBack);
      } catch (RuntimeException e) {
        // The store does not answer; they stay spent.
      }
    }

    @Override
    public void close() {
      leased.close();
    }
  }

  /** Counts calls, and charges them when there are some. */
  static final class ChargedAfterwards extends Passing implements Budgets.Leased {
    private static final int AT_ONCE = 4;

    private final Map<String, Long> uncharged = new HashMap<>();

    ChargedAfterwards(Budgets shared) {
      super(shared);
    }

    @Override
    public Answer charge(List<Charge> charges, MemoryShare share, Instant now) {
      boolean many = false;
      for (Charge charge : charges) {
        many |= uncharged.merge(charge.counter(), charge.amount(), Long::sum) >= AT_ONCE;
      }
      if (!many) {
        return new Charged(charges, charges.stream().map(charge -> 0L).toList());
      }
      List<Charge> all =
          charges.stream()
              .map(
                  charge ->
                      new Charge(
                          charge.counter(),
                          uncharged.getOrDefault(charge.counter(), 0L),
                          charge.limit(),
                          null))
              .toList();
      Answer answer = shared.charge(all, share, now);
      uncharged.clear();
      return answer instanceof Exhausted
          ? answer
          : new Charged(charges, ((Charged) answer).parts());
    }

    @Override
    public void close() {
      uncharged.clear();
    }
  }
}
