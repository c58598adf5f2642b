package dev.taper.assurance.world;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.decision.VerifierBuilder;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.agent.names.ApproverNames;
import dev.taper.assurance.world.disk.SimulatedDisk;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.crypto.Signer;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.parser.Datalog;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationList;
import dev.taper.token.TokenCache;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One of the processes that verify. Each start is a life, with a memory of its own that ends with
 * it. For one thread.
 */
final class VerifierProcess {
  private static final Duration FETCH_EVERY = Duration.ofSeconds(15);
  private static final int NO_LIST = -1;

  /** The service allows what the chain allows, and knows something of its own. */
  private static final PolicySet POLICIES =
      PolicySet.of(Datalog.authorizer(Holders.FACT + "(\"desk\"); allow if true;"));

  private static final long NEVER = Long.MIN_VALUE / 2;

  /** How long after a start that failed the next one is tried, in milliseconds. */
  private static final long TRY_AGAIN = 2_000;

  /** What all processes have in common. */
  record Common(
      WorldTime time,
      Network network,
      Store store,
      ListServer lists,
      Approvers approvers,
      Issuers issuers,
      TokenCache tokens,
      SimulatedDisk.Chances chances,
      Signer logSigner,
      Parts parts) {}

  /** What ends with the process. */
  private static final class Life {
    final Connection connection;
    final ReplayMemory.Joined store;
    final RevocationList list;
    final Verifier verifier;
    final Budgets.@Nullable Leased leased;
    @Nullable DecisionEvent last;
    ApproverNames approvers = ApproverNames.NONE;
    RootKeys rootKeys;

    Life(VerifierProcess of, Common common) {
      connection = new Connection(common.network, common.store, of::isCutFromStore);
      store = common.parts.store(connection);
      list = of.emptyList();
      rootKeys = common.issuers.trusted(NO_LIST);
      VerifierBuilder builder =
          Verifier.trusting(common.parts.rootKeys(hint -> rootKeys.candidates(hint)))
              .audience(Holders.SERVICE)
              .callerStatesMeaning()
              .policies(POLICIES)
              .clock(of.clock)
              .ticker(common.parts.ticker(common.time::nanos))
              .limits(RunLimits.defaults().withMaxTime(Duration.ofHours(1)))
              .tokenCache(common.tokens)
              .revocations(common.parts.revocations(list, common.time::nanos))
              .approvalUses(store.approvalUses())
              .approverNames(common.parts.approvers(new Newest(this)))
              .listener(event -> last = event);
      common.parts.recorded(builder, of.recorder.listener());
      leased = of.style == Event.Style.LEASING ? common.parts.leasing(store.budgets()) : null;
      builder.budgets(Holders.STORE, leased == null ? store.budgets() : leased);
      if (of.style != Event.Style.OWN) {
        builder.replayMemory(of.style == Event.Style.SEPARATE ? proofsOf(store) : store);
      }
      verifier = common.parts.built(builder, of.style).build();
    }
  }

  /** Who counts as an approver by the list that a process read last. */
  private record Newest(Life life) implements ApproverNames {
    @Override
    public @Nullable String person(PublicKey key) {
      return life.approvers.person(key);
    }

    @Override
    public Set<String> groups(String person) {
      return life.approvers.groups(person);
    }

    @Override
    public Set<String> members(String group) {
      return life.approvers.members(group);
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
  private final Recorder recorder;
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
    SimulatedDisk disk = new SimulatedDisk(common.chances);
    this.recorder = new Recorder(disk, clock, common.logSigner, common.parts);
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

  /** Its log. */
  Recorder recorder() {
    return recorder;
  }

  /** Starts, if it is dead and it is time to, and its log can go on. */
  @Nullable Event startIfDue() {
    long now = common.time.millis();
    if (life != null || now < startsAt) {
      return null;
    }
    try {
      recorder.open();
    } catch (TaperException e) {
      recorder.crash();
      startsAt = now + TRY_AGAIN;
      return new Event.LogRefused(now, name, e.code().text());
    }
    life = new Life(this, common);
    lives++;
    fetchedAt = NEVER;
    return new Event.Started(
        common.time.millis(), name, lives, style, clock.aheadMillis(), clock.isSlow());
  }

  /** Dies, and starts no sooner than then. */
  Event.@Nullable Ended crash(long until, Event.How how) {
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
    recorder.crash();
    return new Event.Ended(common.time.millis(), name, lives, how);
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
    recorder.stop();
    return new Event.Ended(common.time.millis(), name, lives, Event.How.STOPPED);
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
    int newest = common.approvers.newest();
    int keys = common.issuers.newest();
    life.approvers = common.approvers.names(newest);
    life.rootKeys = common.issuers.trusted(keys);
    return new Event.Fetched(now, name, lives, first.sequence(), newest, keys);
  }

  /**
   * Decides about a call.
   *
   * @return what was decided, and whether the verifier says that it did so alone
   * @throws Network.Died if the process died meanwhile
   */
  Decided decide(Holders.Sent sent) {
    String refused = common.parts.refused(sent, clock);
    return refused == null
        ? decide(Objects.requireNonNull(life), sent)
        : new Decided(null, refused, false, List.of(), null);
  }

  private Decided decide(Life now, Holders.Sent sent) {
    // Another decision may be made here while this one waits, also after it was told of.
    DecisionEvent lastBefore = now.last;
    Event.Entry acknowledgedBefore = recorder.acknowledged();
    now.last = null;
    recorder.setAcknowledged(null);
    deciding++;
    try {
      CallDecision decision =
          now.verifier.decide(
              sent.token().token().token(), sent.call(), sent.proof(), sent.approvals());
      now.connection.requireLiving();
      DecisionEvent event = Objects.requireNonNull(now.last);
      return new Decided(
          decision,
          decision instanceof CallDecision.Denied denied ? code(denied, now, sent) : null,
          event.isAlone(),
          common.approvers.named(sent.given(), common.parts.restsOn(event, sent)),
          recorder.acknowledged());
    } catch (TaperException e) {
      if (e.code() != ErrorCode.UNKNOWN_ROOT_KEY) {
        throw e;
      }
      return new Decided(null, e.code().text(), false, List.of(), null);
    } finally {
      now.last = lastBefore;
      recorder.setAcknowledged(acknowledgedBefore);
      deciding--;
    }
  }

  private String code(CallDecision.Denied denied, Life now, Holders.Sent sent) {
    return style == Event.Style.OWN
        ? denied.code().text()
        : common.parts.code(denied, sent, now.store, clock.instant());
  }

  /**
   * A decision, and what the verifier and its log say of it.
   *
   * @param decision null for a token that nobody who is trusted made, and what was not looked at
   * @param code why it is denied; null if it is not
   */
  record Decided(
      @Nullable CallDecision decision,
      @Nullable String code,
      boolean alone,
      List<String> counted,
      Event.@Nullable Entry recorded) {}
}
