package dev.taper.assurance.world;

import dev.taper.TaperException;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Verifiers that deal wrongly with a store that does not answer. */
final class PlantedConnections {
  private PlantedConnections() {}

  /** A connection that passes on what it is asked. */
  private abstract static class Passing implements ReplayMemory.Joined {
    final ReplayMemory.Joined connection;
    private final Budgets budgets;

    Passing(ReplayMemory.Joined connection, Budgets budgets) {
      this.connection = connection;
      this.budgets = budgets;
    }

    @Override
    public boolean claim(ReplayMemory.Use use, MemoryShare share, Instant now) {
      return connection.claim(use, share, now);
    }

    @Override
    public Budgets budgets() {
      return budgets;
    }

    @Override
    public ApprovalUses approvalUses() {
      return connection.approvalUses();
    }

    @Override
    public ReplayMemory.Joined.Answer take(
        ReplayMemory.@Nullable Use proof,
        List<Budgets.Charge> charges,
        Collection<ApprovalUses.Use> approvals,
        MemoryShare share,
        Instant now) {
      return connection.take(proof, charges, approvals, share, now);
    }
  }

  /** Gives back again what it had no answer about, with the next call. */
  static ReplayMemory.Joined givingBackAgain(ReplayMemory.Joined connection) {
    Budgets shared = connection.budgets();
    Deque<Budgets.Charged> open = new ArrayDeque<>();
    Budgets again =
        new Budgets() {
          @Override
          public Budgets.Answer charge(List<Charge> charges, MemoryShare share, Instant now) {
            Budgets.Answer answer = shared.charge(charges, share, now);
            again(open, shared);
            return answer;
          }

          @Override
          public void giveBack(Charged charged) {
            open.add(charged);
            shared.giveBack(charged);
            open.remove(charged);
          }

          @Override
          public @Nullable Exhausted look(List<Charge> charges, Instant now) {
            return shared.look(charges, now);
          }
        };
    return new Passing(connection, again) {
      @Override
      public ReplayMemory.Joined.Answer take(
          ReplayMemory.@Nullable Use proof,
          List<Budgets.Charge> charges,
          Collection<ApprovalUses.Use> approvals,
          MemoryShare share,
          Instant now) {
        ReplayMemory.Joined.Answer answer = super.take(proof, charges, approvals, share, now);
        again(open, shared);
        return answer;
      }
    };
  }

  private static void again(Deque<Budgets.Charged> open, Budgets shared) {
    while (!open.isEmpty()) {
      shared.giveBack(open.remove());
    }
  }

  /** Takes a proof that it has no answer about. */
  static ReplayMemory.Joined takingNoAnswerForAYes(ReplayMemory.Joined connection) {
    return new Passing(connection, connection.budgets()) {
      @Override
      public boolean claim(ReplayMemory.Use use, MemoryShare share, Instant now) {
        try {
          return super.claim(use, share, now);
        } catch (TaperException e) {
          return true;
        }
      }
    };
  }

  /** Counts in this process, and says that it counts for all. */
  static ApprovalUses approvalsOfOneProcess() {
    ApprovalUses own = ApprovalUses.inMemory(1 << 10);
    return new ApprovalUses() {
      @Override
      public Set<Use> claim(Collection<Use> uses, MemoryShare share, Instant now) {
        return own.claim(uses, share, now);
      }

      @Override
      public void release(Collection<Use> uses) {
        own.release(uses);
      }

      @Override
      public boolean durable() {
        return true;
      }
    };
  }
}
