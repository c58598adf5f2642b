package dev.taper.assurance;

import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * What Lincheck does with the memories of a process, from several threads at once: every result has
 * to be one that some order of the operations gives, one after the other. Lincheck makes these
 * objects.
 */
final class MemoriesUnderLincheck {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  private static final MemoryShare ALICE = MemoryShare.of("user:alice", new byte[] {1});
  private static final int ROOM = 64;

  private MemoriesUnderLincheck() {}

  private static String id(int number) {
    return String.format("%064x", number + 1L);
  }

  private static ReplayMemory.Use proof(int number) {
    return new ReplayMemory.Use(id(number), NOON, NOON.plusSeconds(60));
  }

  private static ApprovalUses.Use approval(int number) {
    return new ApprovalUses.Use(id(number), NOON.plusSeconds(60), 2);
  }

  private static Budgets.Charge ofFour(int counter, int amount) {
    return new Budgets.Charge(id(counter), amount, 4, null);
  }

  /** Used proofs. */
  @Param(name = "proof", gen = IntGen.class, conf = "0:2")
  public static final class Proofs {
    private final ReplayMemory memory = ReplayMemory.inMemory();

    /** Uses a proof. */
    @Operation
    public boolean claim(@Param(name = "proof") int proof) {
      return memory.claim(proof(proof), ALICE, NOON);
    }

    /** Looks one up. */
    @Operation
    public boolean known(@Param(name = "proof") int proof) {
      return memory.known(proof(proof));
    }
  }

  /** Uses of approvals, which are good for two calls. */
  @Param(name = "approval", gen = IntGen.class, conf = "0:1")
  public static final class Approvals {
    private final ApprovalUses uses = ApprovalUses.inMemory(ROOM);

    /** Uses one approval. */
    @Operation
    public boolean claim(@Param(name = "approval") int approval) {
      return uses.claim(Set.of(approval(approval)), ALICE, NOON).isEmpty();
    }

    /** Uses two at once, or none. */
    @Operation
    public int claimBoth() {
      return uses.claim(List.of(approval(0), approval(1)), ALICE, NOON).size();
    }

    /** Looks both up. */
    @Operation
    public int known() {
      return uses.known(List.of(approval(0), approval(1))).size();
    }
  }

  /** Budgets of four each. */
  @Param(name = "counter", gen = IntGen.class, conf = "0:1")
  @Param(name = "amount", gen = IntGen.class, conf = "1:3")
  public static final class Counters {
    private final Budgets budgets = Budgets.forThisProcessOnly(ROOM);

    /** Charges one counter. */
    @Operation
    public String charge(@Param(name = "counter") int counter, @Param(name = "amount") int amount) {
      return shown(budgets.charge(List.of(ofFour(counter, amount)), ALICE, NOON));
    }

    /** Charges two at once, or none. */
    @Operation
    public String chargeBoth(@Param(name = "amount") int amount) {
      return shown(budgets.charge(List.of(ofFour(0, amount), ofFour(1, amount)), ALICE, NOON));
    }

    /** Looks up what is left. */
    @Operation
    public String look(@Param(name = "counter") int counter) {
      Budgets.Exhausted left = budgets.look(List.of(ofFour(counter, 5)), NOON);
      return left == null ? "all" : String.valueOf(left.left());
    }
  }

  private static String shown(Budgets.Answer answer) {
    return answer instanceof Budgets.Exhausted exhausted
        ? exhausted.index() + ":" + exhausted.left()
        : "charged";
  }

  /** A budget of twelve from which a process takes leases of three. */
  @Param(name = "amount", gen = IntGen.class, conf = "1:2")
  public static final class Leases {
    private final Budgets shared = Budgets.forThisProcessOnly(ROOM);
    private final Budgets.Leased leased = Budgets.leasing(shared, 4, Duration.ofMinutes(1));

    private static Budgets.Charge of(int amount) {
      return new Budgets.Charge(id(0), amount, 12, null);
    }

    /** Charges the budget in the process that takes leases. */
    @Operation
    public boolean charge(@Param(name = "amount") int amount) {
      return leased.charge(List.of(of(amount)), ALICE, NOON) instanceof Budgets.Charged;
    }
  }

  /** A memory of proofs that looks one up first, and notes it later: Lincheck has to find that. */
  @Param(name = "proof", gen = IntGen.class, conf = "0:1")
  public static final class TwoSteps {
    private final Set<Integer> used = ConcurrentHashMap.newKeySet();

    /** Uses a proof. */
    @Operation
    public boolean claim(@Param(name = "proof") int proof) {
      if (used.contains(proof)) {
        return false;
      }
      boolean isNew = used.add(proof);
      return isNew || used.contains(proof);
    }
  }

  /** A budget of three that looks what is left before it locks: Lincheck has to find that, too. */
  public static final class LateCounter {
    private final Object lock = new Object();
    private volatile int left = 3;

    /** Takes one of three. */
    @Operation
    public boolean charge() {
      if (left == 0) {
        return false;
      }
      synchronized (lock) {
        left = left - 1;
        return true;
      }
    }
  }
}
