package dev.taper.assurance.world;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one life of a verifier's process has of the store: the engine's contracts, over the network.
 * For one thread.
 */
final class Connection implements ReplayMemory.Joined {
  private final Network network;
  private final Store store;
  private final BooleanSupplier cut;
  private final OverNetwork budgets = new OverNetwork();
  private final Uses uses = new Uses();
  private boolean living = true;

  /**
   * A connection.
   *
   * @param cut true while nothing gets through
   */
  Connection(Network network, Store store, BooleanSupplier cut) {
    this.network = network;
    this.store = store;
    this.cut = cut;
  }

  /** The process is gone; whoever is still in it goes no further. */
  void close() {
    living = false;
  }

  void requireLiving() {
    if (!living) {
      throw new Network.Died();
    }
  }

  boolean isCut() {
    return cut.getAsBoolean();
  }

  @Override
  public boolean claim(ReplayMemory.Use use, MemoryShare share, Instant now) {
    return network.ask(
        this,
        ErrorCode.REPLAY_CACHE_UNAVAILABLE,
        () -> store.requireKnown(use),
        content -> content.claim(use, share, now));
  }

  @Override
  public Budgets budgets() {
    return budgets;
  }

  @Override
  public ApprovalUses approvalUses() {
    return uses;
  }

  @Override
  public ReplayMemory.Joined.Answer take(
      ReplayMemory.@Nullable Use proof,
      List<Budgets.Charge> charges,
      Collection<ApprovalUses.Use> approvals,
      MemoryShare share,
      Instant now) {
    return network.ask(
        this,
        ErrorCode.REPLAY_CACHE_UNAVAILABLE,
        () -> {
          store.requireKnown(proof);
          requireKept(ErrorCode.REPLAY_CACHE_UNAVAILABLE);
        },
        content -> content.take(proof, charges, approvals, share, now));
  }

  /** What is counted for longer than a loss would matter is not counted in a store that loses. */
  private void requireKept(ErrorCode code) {
    if (!store.keeps()) {
      throw new TaperException(code, "the store does not keep what it says");
    }
  }

  private final class OverNetwork implements Budgets {
    @Override
    public Budgets.Answer charge(List<Charge> charges, MemoryShare share, Instant now) {
      return network.ask(
          Connection.this,
          ErrorCode.BUDGET_UNAVAILABLE,
          () -> requireKept(ErrorCode.BUDGET_UNAVAILABLE),
          content -> content.budgets().charge(charges, share, now));
    }

    @Override
    public void giveBack(Charged charged) {
      network.ask(
          Connection.this,
          ErrorCode.BUDGET_UNAVAILABLE,
          () -> {},
          content -> {
            content.budgets().giveBack(charged);
            return true;
          });
    }

    @Override
    public @Nullable Exhausted look(List<Charge> charges, Instant now) {
      return network
          .ask(
              Connection.this,
              ErrorCode.BUDGET_UNAVAILABLE,
              () -> requireKept(ErrorCode.BUDGET_UNAVAILABLE),
              content -> Optional.ofNullable(content.budgets().look(charges, now)))
          .orElse(null);
    }
  }

  private final class Uses implements ApprovalUses {
    @Override
    public Set<Use> claim(Collection<Use> wanted, MemoryShare share, Instant now) {
      return network.ask(
          Connection.this,
          ErrorCode.APPROVAL_USES_UNAVAILABLE,
          () -> requireKept(ErrorCode.APPROVAL_USES_UNAVAILABLE),
          content -> content.approvalUses().claim(wanted, share, now));
    }

    @Override
    public void release(Collection<Use> claimed) {
      network.ask(
          Connection.this,
          ErrorCode.APPROVAL_USES_UNAVAILABLE,
          () -> {},
          content -> {
            content.approvalUses().release(claimed);
            return true;
          });
    }

    @Override
    public boolean durable() {
      return store.keeps();
    }
  }
}
