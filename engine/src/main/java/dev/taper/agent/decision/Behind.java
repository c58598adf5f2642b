package dev.taper.agent.decision;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.TaperException;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.Revocations;
import dev.taper.revocation.Revocations.RevocationCheck;
import dev.taper.revocation.Revocations.RevocationHealth;
import dev.taper.revocation.Revocations.RevocationStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind a verifier's decisions and may make them wait. One deadline holds for a whole
 * call; whatever is asked on the way gets what is left of it. A fifth of the time is kept for the
 * record of the decision, so that a store that hangs cannot keep refused calls out of the log. What
 * is in memory is not wrapped: it never waits.
 *
 * <p>The work is done in the caller's thread, so no pool of threads can be used up. Code that waits
 * looks at {@link Deadline#current}.
 */
final class Behind {
  /** The name of the memory of used proofs. */
  static final String REPLAYS = "the replay memory";

  private static final int SHARE = 5;

  private final Duration whole;
  private final Duration forRecords;
  private final Clock clock;
  private final LongSupplier ticker;
  private final List<Backing> backings = new ArrayList<>();

  Behind(Duration whole, Clock clock, LongSupplier ticker) {
    this.whole = whole;
    this.forRecords = whole.dividedBy(SHARE);
    this.clock = clock;
    this.ticker = ticker;
  }

  /** Adds something to wait for; only while the verifier is built. */
  Backing add(String name, ErrorCode unavailable) {
    return add(name, unavailable, true);
  }

  /**
   * Adds something to wait for.
   *
   * @param refuses whether calls are refused while it is away
   */
  Backing add(String name, ErrorCode unavailable, boolean refuses) {
    Backing backing = new Backing(name, unavailable, refuses, whole, clock, ticker);
    backings.add(backing);
    return backing;
  }

  ApprovalUses uses(ApprovalUses uses) {
    return uses.mayWait()
        ? new Uses(uses, add("the memory of used approvals", ErrorCode.APPROVAL_USES_UNAVAILABLE))
        : uses;
  }

  ReplayMemory proofs(ReplayMemory memory) {
    if (!memory.mayWait()) {
      return memory;
    }
    Backing backing = add(REPLAYS, ErrorCode.REPLAY_CACHE_UNAVAILABLE);
    return memory instanceof ReplayMemory.Joined joined
        ? new JoinedReplays(joined, backing)
        : new Replays(memory, backing);
  }

  Map<String, Budgets> budgets(Map<String, Budgets> stores) {
    Map<String, Budgets> behind = new TreeMap<>();
    stores.forEach(
        (name, budgets) ->
            behind.put(
                name,
                budgets.mayWait()
                    ? new Counted(
                        budgets, add("the budgets of " + name, ErrorCode.BUDGET_UNAVAILABLE))
                    : budgets));
    return behind;
  }

  @Nullable Revocations revocations(@Nullable Revocations revocations) {
    return revocations == null || revocations instanceof RevocationList
        ? revocations
        : new LookUp(revocations, add("the look-up of revocations", ErrorCode.REVOCATION_MEMORY));
  }

  /** True if nothing was asked, because the call had no time left. */
  static boolean isTimeout(RuntimeException e) {
    return e instanceof TaperException known && known.code() == ErrorCode.TIMEOUT;
  }

  /** The present moment of the watch for deadlines, in nanoseconds. */
  long tick() {
    return ticker.getAsLong();
  }

  /**
   * Decides about a call, or answers a question, under its deadline. That begins when the first
   * thing is asked that may wait: what a call takes to be evaluated is bounded by its steps. Where
   * nothing may wait, there is none.
   */
  <T extends @Nullable Object> T during(Supplier<T> call) {
    return backings.isEmpty() ? call.get() : Deadline.fromFirstUse(whole, ticker).during(call);
  }

  /** The deadline for the steps on the way to a decision. */
  private Deadline forSteps() {
    Deadline call = Deadline.current();
    return (call == null ? Deadline.in(whole, ticker) : call).earlierBy(forRecords);
  }

  /** The deadline for recording, which has its share of the time however long the rest took. */
  Deadline forRecords() {
    Deadline call = Deadline.current();
    return (call == null ? Deadline.in(whole, ticker) : call).butAtLeast(forRecords);
  }

  List<VerifierHealth.Store> health() {
    return backings.stream().map(Backing::health).toList();
  }

  /** A memory of used approvals that may wait. */
  private final class Uses implements ApprovalUses {
    private final ApprovalUses uses;
    private final Backing backing;

    Uses(ApprovalUses uses, Backing backing) {
      this.uses = uses;
      this.backing = backing;
    }

    @Override
    public Set<ApprovalUses.Use> known(Collection<ApprovalUses.Use> wanted) {
      return uses.known(wanted); // it asks nobody else
    }

    @Override
    public Set<ApprovalUses.Use> claim(
        Collection<ApprovalUses.Use> wanted, MemoryShare share, Instant now) {
      return backing.askInTime(forSteps(), () -> uses.claim(wanted, share, now));
    }

    /** Gives approvals back, with as much time again as recording had before. */
    @Override
    public void release(Collection<ApprovalUses.Use> claimed) {
      backing.ask(
          forRecords(),
          () -> {
            uses.release(claimed);
            return true;
          });
    }

    @Override
    public boolean durable() {
      return uses.durable();
    }

    @Override
    public @Nullable Fill fill() {
      return uses.fill();
    }
  }

  /** A memory of used proofs that may wait. */
  private class Replays implements ReplayMemory {
    private final ReplayMemory memory;
    private final Backing backing;

    Replays(ReplayMemory memory, Backing backing) {
      this.memory = memory;
      this.backing = backing;
    }

    @Override
    public boolean known(ReplayMemory.Use use) {
      return memory.known(use); // it asks nobody else
    }

    @Override
    public boolean claim(ReplayMemory.Use use, MemoryShare share, Instant now) {
      return backing.askInTime(forSteps(), () -> memory.claim(use, share, now));
    }

    @Override
    public @Nullable Fill fill() {
      return memory.fill();
    }
  }

  /** A memory of used proofs, budgets and approvals that may wait. */
  private final class JoinedReplays extends Replays implements ReplayMemory.Joined {
    private final ReplayMemory.Joined joined;
    private final Backing backing;

    JoinedReplays(ReplayMemory.Joined joined, Backing backing) {
      super(joined, backing);
      this.joined = joined;
      this.backing = backing;
    }

    @Override
    public Budgets budgets() {
      return joined.budgets();
    }

    @Override
    public ApprovalUses approvalUses() {
      return joined.approvalUses();
    }

    @Override
    public ReplayMemory.Joined.Answer take(
        ReplayMemory.@Nullable Use proof,
        List<Budgets.Charge> charges,
        Collection<ApprovalUses.Use> approvals,
        MemoryShare share,
        Instant now) {
      return backing.askInTime(
          forSteps(), () -> joined.take(proof, charges, approvals, share, now));
    }
  }

  /** A store of budgets that may wait. */
  private final class Counted implements Budgets {
    private final Budgets budgets;
    private final Backing backing;

    Counted(Budgets budgets, Backing backing) {
      this.budgets = budgets;
      this.backing = backing;
    }

    @Override
    public Answer charge(List<Budgets.Charge> charges, MemoryShare share, Instant now) {
      return backing.askInTime(forSteps(), () -> budgets.charge(charges, share, now));
    }

    /** Gives back, with as much time again as recording had before. */
    @Override
    public void giveBack(Charged charged) {
      backing.ask(
          forRecords(),
          () -> {
            budgets.giveBack(charged);
            return true;
          });
    }

    @Override
    public @Nullable Exhausted look(List<Budgets.Charge> charges, Instant now) {
      return backing
          .askInTime(forSteps(), () -> Optional.ofNullable(budgets.look(charges, now)))
          .orElse(null);
    }

    @Override
    public @Nullable Fill fill() {
      return budgets.fill();
    }
  }

  /** A look-up of what is revoked that may wait. If it throws, nothing is known. */
  private final class LookUp implements Revocations {
    private static final RevocationCheck UNKNOWN =
        new RevocationCheck(RevocationStatus.UNAVAILABLE, -1, 0, null);

    private final Revocations revocations;
    private final Backing backing;

    LookUp(Revocations revocations, Backing backing) {
      this.revocations = revocations;
      this.backing = backing;
    }

    @Override
    public RevocationCheck check(List<Fingerprint> fingerprints, Instant now) {
      try {
        return backing.askInTime(forSteps(), () -> revocations.check(fingerprints, now));
      } catch (RuntimeException e) {
        if (isTimeout(e)) {
          throw e;
        }
        return UNKNOWN; // logged by what was asked
      }
    }

    @Override
    public @Nullable RevocationHealth health() {
      return revocations.health();
    }
  }
}
