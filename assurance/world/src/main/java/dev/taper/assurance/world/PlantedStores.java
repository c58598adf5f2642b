package dev.taper.assurance.world;

import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stores that remember proofs wrongly. */
final class PlantedStores {
  private PlantedStores() {}

  private static StoreContent with(ReplayMemory proofs) {
    return new StoreContent(proofs, Budgets.forThisProcessOnly(), ApprovalUses.inMemory());
  }

  /** Looks a proof up, and notes it later. */
  static StoreContent inTwoSteps(Runnable pause) {
    Set<String> used = new HashSet<>();
    return with(
        new ReplayMemory() {
          @Override
          public boolean claim(Use use, MemoryShare share, Instant now) {
            if (used.contains(use.id())) {
              return false;
            }
            pause.run();
            used.add(use.id());
            return true;
          }
        });
  }

  /** Forgets what has ended by the clock of whoever asks. */
  static StoreContent forgetting() {
    Map<String, Instant> used = new HashMap<>();
    return with(
        new ReplayMemory() {
          @Override
          public boolean claim(Use use, MemoryShare share, Instant now) {
            used.values().removeIf(until -> !until.isAfter(now));
            return used.putIfAbsent(use.id(), use.until()) == null;
          }
        });
  }

  /**
   * A transaction that collides with another one is tried again. The second time it is taken for
   * one whose caller went away: it is rolled back, and its caller reads that it is done.
   */
  static final class RollingBack extends StoreContent {
    /** In how many steps of a transaction others may commit something. */
    private static final int STEPS = 3;

    private final Set<String> used;
    private final Runnable pause;
    private final Charging charging = new Charging();
    private long commits;
    private boolean isInOneStep;

    RollingBack(Runnable pause) {
      this(new HashSet<>(), pause);
    }

    private RollingBack(Set<String> used, Runnable pause) {
      super(
          (use, share, now) -> used.add(use.id()),
          Budgets.forThisProcessOnly(),
          ApprovalUses.inMemory());
      this.used = used;
      this.pause = pause;
    }

    /** True if others committed something meanwhile. */
    private boolean collides() {
      long before = commits;
      for (int i = 0; i < STEPS; i++) {
        pause.run();
      }
      return commits++ != before;
    }

    @Override
    public boolean claim(ReplayMemory.Use use, MemoryShare share, Instant now) {
      boolean isRolledBack = !isInOneStep && collides();
      boolean isNew = super.claim(use, share, now);
      if (isRolledBack && isNew) {
        used.remove(use.id());
      }
      return isNew;
    }

    @Override
    public Budgets budgets() {
      return charging;
    }

    @Override
    public Answer take(
        ReplayMemory.@Nullable Use proof,
        List<Budgets.Charge> charges,
        Collection<ApprovalUses.Use> uses,
        MemoryShare share,
        Instant now) {
      boolean isRolledBack = collides();
      isInOneStep = true;
      Answer answer = super.take(proof, charges, uses, share, now);
      isInOneStep = false;
      if (isRolledBack) {
        rollBack(answer, proof, uses);
      }
      return answer;
    }

    private void rollBack(
        Answer answer, ReplayMemory.@Nullable Use proof, Collection<ApprovalUses.Use> uses) {
      if (answer.replayed()) {
        return;
      }
      if (proof != null) {
        used.remove(proof.id());
      }
      boolean isExhausted = answer.budgets() instanceof Budgets.Exhausted;
      if (answer.budgets() instanceof Budgets.Charged charged) {
        super.budgets().giveBack(charged);
      }
      if (!isExhausted && answer.usedUp().isEmpty()) {
        approvalUses().release(uses);
      }
    }

    private final class Charging implements Budgets {
      private final Budgets all = RollingBack.super.budgets();

      @Override
      public Budgets.Answer charge(List<Charge> charges, MemoryShare share, Instant now) {
        boolean isRolledBack = collides();
        Budgets.Answer answer = all.charge(charges, share, now);
        if (isRolledBack && answer instanceof Charged charged) {
          all.giveBack(charged);
        }
        return answer;
      }

      @Override
      public void giveBack(Charged charged) {
        all.giveBack(charged);
      }

      @Override
      public @Nullable Exhausted look(List<Charge> charges, Instant now) {
        return all.look(charges, now);
      }
    }
  }
}
