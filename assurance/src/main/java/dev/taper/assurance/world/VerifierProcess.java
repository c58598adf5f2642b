package dev.taper.assurance.world;

import dev.taper.TaperException;
import dev.taper.agent.CallDecision;
import dev.taper.agent.DecisionEvent;
import dev.taper.agent.Verifier;
import dev.taper.agent.VerifierBuilder;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.RunLimits;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationList;
import dev.taper.token.TokenCache;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One of the processes that verify. Each start is a life, with a memory of its own that ends with
 * it. For one thread.
 */
final class VerifierProcess {
  private static final Duration FETCH_EVERY = Duration.ofSeconds(15);
  private static final long NEVER = Long.MIN_VALUE / 2;

  /** What all processes have in common. */
  record Common(
      WorldTime time,
      Network network,
      Store store,
      ListServer lists,
      PublicKey root,
      TokenCache tokens,
      Parts parts) {}

  /** What ends with the process. */
  private static final class Life {
    final Connection connection;
    final RevocationList list;
    final Verifier verifier;
    final Budgets.@Nullable Leased leased;
    @Nullable DecisionEvent last;

    Life(VerifierProcess of, Common common) {
      connection = new Connection(common.network, common.store, of::isCutFromStore);
      ReplayMemory.Joined store = common.parts.store(connection);
      list = of.emptyList();
      VerifierBuilder builder =
          Verifier.trusting(RootKeys.of(common.root))
              .audience(Holders.SERVICE)
              .callerStatesMeaning()
              .clock(of.clock)
              .ticker(common.time::nanos)
              .limits(RunLimits.defaults().withMaxTime(Duration.ofHours(1)))
              .tokenCache(common.tokens)
              .revocations(common.parts.revocations(list))
              .approvalUses(store.approvalUses())
              .listener(event -> last = event);
      leased = of.style == Event.Style.LEASING ? common.parts.leasing(store.budgets()) : null;
      builder.budgets(Holders.STORE, leased == null ? store.budgets() : leased);
      if (of.style != Event.Style.OWN) {
        builder.replayMemory(of.style == Event.Style.SEPARATE ? proofsOf(store) : store);
      }
      verifier = common.parts.built(builder, of.style).build();
    }
  }

  /** The memory of proofs without all that is joined with it. */
  private static ReplayMemory proofsOf(ReplayMemory.Joined store) {
    return (use, share, now) -> store.claim(use, share, now);
  }

  private static final List<Event.Style> STYLES = List.of(Event.Style.values());

  private final Common common;
  private final String name;
  private final Event.Style style;
  private final ProcessClock clock;
  private @Nullable Life life;
  private int lives;
  private long startsAt;
  private long wrongUntil = Long.MAX_VALUE;
  private long storeCutUntil = NEVER;
  private long listsCutUntil = NEVER;
  private long fetchedAt = NEVER;
  private int deciding;

  VerifierProcess(Common common, int number, Duration ahead) {
    this.common = common;
    this.name = (number < 10 ? "v0" : "v") + number;
    this.style = STYLES.get(number % STYLES.size());
    this.clock = new ProcessClock(common.time, ahead);
  }

  String name() {
    return name;
  }

  /** Somebody sets its clock, and somebody notices that no sooner than then. */
  Event setClock(Duration ahead, long until) {
    clock.set(ahead);
    wrongUntil = until;
    return clockSet();
  }

  private Event clockSet() {
    return new Event.ClockSet(common.time.millis(), name, clock.aheadMillis(), clock.isSlow());
  }

  /** Somebody sets its clock back again and again, until somebody notices. */
  Event slowClock(long until) {
    clock.slow();
    wrongUntil = until;
    return clockSet();
  }

  /** What its clock shows. */
  ProcessClock clock() {
    return clock;
  }

  /** Sets its clock right, if it is time to. */
  @Nullable Event setClockRightIfDue() {
    return common.time.millis() < wrongUntil ? null : setClock(Duration.ZERO, Long.MAX_VALUE);
  }

  Event.Style style() {
    return style;
  }

  int lives() {
    return lives;
  }

  boolean isLiving() {
    return life != null;
  }

  /** True while it decides about a call, and cannot be asked about another one in this thread. */
  boolean isBusy() {
    return deciding > 0 && style == Event.Style.LEASING;
  }

  boolean isCutFromStore() {
    return common.time.millis() < storeCutUntil;
  }

  boolean isCutFromLists() {
    return common.time.millis() < listsCutUntil;
  }

  void cutFromStore(long until) {
    storeCutUntil = Math.max(storeCutUntil, until);
  }

  void cutFromLists(long until) {
    listsCutUntil = Math.max(listsCutUntil, until);
  }

  /** Starts, if it is dead and it is time to. */
  Event.@Nullable Started startIfDue() {
    if (life != null || common.time.millis() < startsAt) {
      return null;
    }
    life = new Life(this, common);
    lives++;
    fetchedAt = NEVER;
    return new Event.Started(
        common.time.millis(), name, lives, style, clock.aheadMillis(), clock.isSlow());
  }

  /** Dies, and starts no sooner than then. */
  Event.@Nullable Ended crash(long until) {
    Life ended = life;
    if (ended == null) {
      return null;
    }
    life = null;
    startsAt = until;
    if (ended.leased != null) {
      common.parts.died(ended.leased);
    }
    ended.connection.close();
    return new Event.Ended(common.time.millis(), name, lives, true);
  }

  /** Stops in order, and starts no sooner than then. */
  Event.@Nullable Ended stop(long until) {
    Life ended = life;
    if (ended == null || deciding > 0) {
      return null;
    }
    life = null;
    startsAt = until;
    if (ended.leased != null) {
      ended.leased.close();
    }
    ended.connection.close();
    return new Event.Ended(common.time.millis(), name, lives, false);
  }

  private RevocationList emptyList() {
    return RevocationList.trusting(common.parts.issuers(common.lists.keys()))
        .forgottenAtRestart()
        .clock(clock)
        .ticks(common.time::nanos)
        .build();
  }

  /** Takes new lists, if it is time to and it gets any. */
  Event.@Nullable Fetched fetchIfDue() {
    long now = common.time.millis();
    if (life == null || isCutFromLists() || now - fetchedAt < FETCH_EVERY.toMillis()) {
      return null;
    }
    fetchedAt = now;
    try {
      common.parts.fetched(life.list, common.lists.lists(), this::emptyList);
    } catch (TaperException e) {
      return null; // they are older than those it has, or from ahead of its clock
    }
    RevocationHeader first = life.list.latest();
    if (first == null) {
      return null;
    }
    long sequence = first.sequence();
    return new Event.Fetched(now, name, lives, sequence);
  }

  /**
   * Decides about a call.
   *
   * @return what was decided, and whether the verifier says that it did so alone
   * @throws Network.Died if the process died meanwhile
   */
  Decided decide(Holders.Sent sent) {
    Life now = Objects.requireNonNull(life);
    now.last = null;
    deciding++;
    try {
      CallDecision decision =
          now.verifier.decide(
              sent.token().token().token(), sent.call(), sent.proof(), sent.approvals());
      now.connection.requireLiving();
      return new Decided(decision, Objects.requireNonNull(now.last).isAlone());
    } finally {
      deciding--;
    }
  }

  /** A decision. */
  record Decided(CallDecision decision, boolean alone) {}
}
