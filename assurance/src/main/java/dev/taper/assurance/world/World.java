package dev.taper.assurance.world;

import dev.taper.agent.CallDecision;
import dev.taper.agent.Reservation;
import dev.taper.revocation.RevocationEntry;
import dev.taper.token.TokenCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A world: verifiers that share a store, holders who call them, and all that can go wrong between
 * them. One thread does everything in turns, so a seed and a plan give one history. For one thread,
 * once.
 */
final class World implements Network.Surroundings {
  /** How many verifiers there are. */
  static final int VERIFIERS = 64;

  /** By how much a clock of theirs is wrong without anybody's doing. */
  private static final Duration SKEW = Duration.ofSeconds(4);

  /** How often something is revoked at most, in milliseconds. */
  private static final long REVOKE_EVERY = 60_000;

  private static final int TOKEN_CACHE = 1 << 22;
  private static final int BURST = 7;

  private final WorldTime time = new WorldTime();
  private final History history = new History();
  private final Parts parts;
  private final Store store;
  private final Network network;
  private final ListServer lists;
  private final Holders holders;
  private final List<VerifierProcess> verifiers = new ArrayList<>();
  private final List<Holders.Held> revoked = new ArrayList<>();

  /** Whose clock somebody sets back again and again, to use there what was revoked. */
  private @Nullable VerifierProcess attacked;

  /** The last that was called of those that do not always ask others about proofs. */
  private @Nullable VerifierProcess prey;

  private Luck luck;

  /** What happens while somebody waits, and how many waits later. */
  private @Nullable Step pending;

  private int waits;
  private boolean isWithin;

  private World(long seed, Parts parts) {
    this.parts = parts;
    this.luck = new Luck(seed);
    boolean keeps = luck.percent(75);
    this.store =
        new Store(time, () -> parts.content(this::pauseStore), keeps, parts.saysWhatItLost());
    this.network = new Network(time, store, this);
    this.lists = new ListServer(time, Holders.key(luck), Holders.key(luck));
    this.holders = new Holders(time, luck);
    VerifierProcess.Common common =
        new VerifierProcess.Common(
            time, network, store, lists, holders.root(), TokenCache.of(TOKEN_CACHE), parts);
    for (int i = 0; i < VERIFIERS; i++) {
      Duration ahead = luck.upTo(SKEW.multipliedBy(2)).minus(SKEW);
      verifiers.add(new VerifierProcess(common, i, ahead));
    }
  }

  /**
   * Lets a plan happen.
   *
   * @param seed what the world is like before its first step
   * @param plan the steps
   * @param parts what it is made of
   */
  static History run(long seed, List<Step> plan, Parts parts) {
    World world = new World(seed, parts);
    for (Holders.Held token : world.holders.tokens()) {
      world.history.add(new Event.Minted(0, token.name(), token.limits()));
    }
    plan.forEach(world::happens);
    world.history.fault("requests lost", world.network.lost());
    world.history.fault("answers lost", world.network.unheard());
    return world.history;
  }

  @Override
  public Luck luck() {
    return luck;
  }

  @Override
  public void goOn() {
    if (pending != null && waits-- == 0) {
      happensWithin();
    }
  }

  private void pauseStore() {
    if (!store.isRecovering()) {
      goOn();
    }
  }

  private void happensWithin() {
    Step within = Objects.requireNonNull(pending);
    int waitsBefore = waits;
    isWithin = true;
    happens(within);
    isWithin = false;
    waits = waitsBefore;
  }

  private void happens(Step step) {
    Luck before = luck;
    luck = new Luck(step.luck());
    pending = step.within();
    waits = luck.below(4);
    time.pass(luck.upTo(isWithin ? Duration.ofMillis(50) : Duration.ofSeconds(2)));
    storeStarts();
    happens(step.kind());
    if (pending != null) {
      happensWithin(); // nobody waited that long
    }
    luck = before;
  }

  private void happens(Step.Kind kind) {
    switch (kind) {
      case CALL -> call();
      case REPLAY -> replay();
      case APPROVED -> approved();
      case CUT -> cut();
      case CRASH -> ended(verifier().crash(in(Duration.ofSeconds(20))));
      case STOP -> ended(stop(verifier()));
      case CLOCK -> setClock();
      case STORE -> crashStore();
      case REVOKE -> revoke();
      case RESTORE -> restore(time.millis(), 1 + luck.below(5));
      case PAUSE -> pause(Duration.ofSeconds(60));
    }
  }

  /** A moment from now to so much later. */
  private long in(Duration atMost) {
    return time.millis() + luck.upTo(atMost).toMillis();
  }

  /** A verifier; a few are asked much more often than the others. */
  private VerifierProcess verifier() {
    int at = luck.mostlySmall(VERIFIERS);
    while (verifiers.get(at).isBusy()) {
      at = (at + 1) % VERIFIERS;
    }
    return verifiers.get(at);
  }

  private void note(@Nullable Event event) {
    if (event != null) {
      history.add(event);
    }
  }

  // Calls.

  private void call() {
    Holders.Held token = token();
    boolean hostile = luck.percent(revoked.contains(token) ? 60 : 10);
    VerifierProcess verifier =
        hostile && attacked != null && !attacked.isBusy() && luck.percent(70)
            ? attacked
            : verifier();
    int calls = 1 + luck.below(BURST);
    for (int i = 0; i < calls; i++) {
      present(
          verifier, hostile ? holders.proveAsShown(token, verifier.clock()) : holders.prove(token));
    }
  }

  /** A token, mostly one that is good; who has one that was just revoked tries it again. */
  private Holders.Held token() {
    if (!revoked.isEmpty() && luck.percent(15)) {
      return revoked.get(revoked.size() - 1);
    }
    List<Holders.Held> good = new ArrayList<>(holders.tokens());
    good.removeAll(revoked);
    return good.isEmpty() ? luck.of(revoked) : luck.of(good);
  }

  private void replay() {
    List<Holders.Sent> sent = holders.sent();
    if (!sent.isEmpty()) {
      // Whoever listens sends it at once, to be first.
      int back = isWithin && luck.percent(60) ? 0 : luck.mostlySmall(sent.size());
      present(verifier(), sent.get(sent.size() - 1 - back));
    }
  }

  private void approved() {
    List<Holders.Given> given = holders.given();
    Holders.Given approval;
    if (given.isEmpty() || luck.percent(40)) {
      Holders.Held token = token();
      int calls = 1 + luck.below(2);
      approval = holders.approve(token, calls);
      note(new Event.Approved(time.millis(), approval.name(), token.name(), calls));
    } else {
      approval = given.get(given.size() - 1 - luck.mostlySmall(given.size()));
    }
    present(verifier(), holders.prove(approval));
  }

  private void present(VerifierProcess verifier, Holders.Sent sent) {
    if (verifier.isBusy()) {
      return;
    }
    note(verifier.setClockRightIfDue());
    note(verifier.startIfDue());
    if (!verifier.isLiving()) {
      return; // nobody listens there
    }
    note(verifier.fetchIfDue());
    prey = verifier.style().asksOthersAlways() ? prey : verifier;
    long from = time.millis();
    int life = verifier.lives();
    VerifierProcess.@Nullable Decided decided = null;
    Settled settled = new Settled();
    boolean answered = false;
    try {
      decided = verifier.decide(sent);
      answered =
          !(decided.decision() instanceof CallDecision.Allowed allowed)
              || settle(verifier, allowed.reservation(), settled);
    } catch (Network.Died e) {
      // Its caller gets no answer.
    }
    CallDecision decision = decided == null ? null : decided.decision();
    history.add(
        new Event.Called(
            time.millis(),
            from,
            verifier.name(),
            life,
            sent.proofName(),
            sent.provenAt(),
            sent.token().name(),
            sent.approvalNames(),
            !answered
                ? Event.Answer.NONE
                : decision instanceof CallDecision.Allowed
                    ? Event.Answer.ALLOWED
                    : Event.Answer.DENIED,
            answered && decision instanceof CallDecision.Denied denied
                ? denied.code().text()
                : null,
            decided != null && decided.alone(),
            settled.entered,
            settled.givenBack));
  }

  /** What became of an allowed call. */
  private static final class Settled {
    boolean entered;
    boolean givenBack;
  }

  /**
   * What a service does with an allowed call.
   *
   * @return false if its process died before it answered
   */
  private boolean settle(VerifierProcess verifier, Reservation reservation, Settled settled) {
    int what = luck.below(100);
    if (what < 10) {
      settled.givenBack = true; // the handler is not entered, as its queue is full
      reservation.giveBack();
      return true;
    }
    if (what < 11) {
      ended(verifier.crash(in(Duration.ofSeconds(20)))); // between the decision and the call
      return false;
    }
    settled.entered = true;
    if (what < 12) {
      ended(verifier.crash(in(Duration.ofSeconds(20)))); // in the middle of the call
      return false;
    }
    if (what < 18) {
      parts.failed(reservation);
    } else {
      reservation.close();
    }
    return true;
  }

  // What goes wrong.

  private void ended(Event.@Nullable Ended event) {
    if (event != null) {
      history.add(event);
      history.fault(event.crashed() ? "verifiers crashed" : "verifiers stopped", 1);
    }
  }

  private Event.@Nullable Ended stop(VerifierProcess verifier) {
    long at = time.millis();
    int life = verifier.lives();
    try {
      return verifier.stop(in(Duration.ofSeconds(5)));
    } catch (Network.Died e) {
      return new Event.Ended(at, verifier.name(), life, true); // while it gave back
    }
  }

  private void cut() {
    VerifierProcess verifier = verifier();
    long until = in(Duration.ofSeconds(luck.percent(10) ? 400 : 20));
    int what = luck.below(3);
    if (what != 1) {
      cutFromStore(verifier, until);
    }
    if (what != 0) {
      cutFromLists(verifier, until);
    }
  }

  private void cutFromStore(VerifierProcess verifier, long until) {
    verifier.cutFromStore(until);
    note(new Event.Cut(time.millis(), verifier.name(), Event.STORE, until));
    history.fault("connections cut", 1);
  }

  private void cutFromLists(VerifierProcess verifier, long until) {
    verifier.cutFromLists(until);
    note(new Event.Cut(time.millis(), verifier.name(), Event.LISTS, until));
    history.fault("connections cut", 1);
  }

  /** Sets a clock: within what proofs bear, or at its edge, or far beyond. */
  private void setClock() {
    boolean slow = luck.percent(25);
    VerifierProcess verifier = slow && prey != null ? prey : verifier();
    boolean far = luck.percent(30);
    Duration bound = far ? Duration.ofHours(1) : Duration.ofSeconds(luck.percent(50) ? 20 : 60);
    Duration ahead = luck.upTo(bound.multipliedBy(2)).minus(bound);
    long until = in(Duration.ofSeconds(luck.percent(50) ? 600 : 60));
    note(slow ? verifier.slowClock(until) : verifier.setClock(ahead, until));
    attacked = slow ? verifier : attacked;
    if (slow || (far && luck.percent(50))) { // whoever has the clock has the network, too
      cutFromLists(verifier, until);
    }
    if (slow && luck.percent(50)) {
      cutFromStore(verifier, until);
    }
    history.fault("clocks set", 1);
  }

  @Override
  public void crashStore() {
    if (store.isUp()) {
      long until = in(Duration.ofSeconds(15));
      store.crash(until);
      note(new Event.StoreDown(time.millis(), until));
      history.fault("stores crashed", 1);
    }
  }

  private void storeStarts() {
    Integer lost = store.startIfDue();
    if (lost != null) {
      note(new Event.StoreUp(time.millis(), lost));
      history.fault("writes lost", lost);
    } else if (luck.percent(10)) {
      store.sync();
    }
  }

  private void revoke() {
    Holders.Held token = luck.of(holders.tokens());
    if (revoked.size() > time.millis() / REVOKE_EVERY || revoked.contains(token)) {
      return;
    }
    boolean whole = token.task() > 0 && luck.percent(30);
    RevocationEntry entry = whole ? Holders.ofTask(token.task()) : Holders.ofBlock(token);
    List<String> names = new ArrayList<>();
    for (Holders.Held other : holders.tokens()) {
      boolean ends =
          whole
              ? other.task() == token.task()
              : other.name().equals(token.name()) || other.name().startsWith(token.name() + "/");
      if (ends && !revoked.contains(other)) {
        names.add(other.name());
        revoked.add(other);
      }
    }
    String issuer = lists.revoke(luck.below(2), entry);
    note(new Event.Revoked(time.millis(), issuer, names, lists.sequence()));
    if (luck.percent(25)) {
      restore(in(Duration.ofSeconds(20)), 1); // when some have the new lists
    }
  }

  private void pause(Duration atMost) {
    time.pass(luck.upTo(atMost));
  }

  /** Restores the server of lists from a backup of now, then. */
  private void restore(long from, int back) {
    long until = from + luck.upTo(Duration.ofSeconds(45)).toMillis();
    lists.restore(from, until, back);
    note(new Event.Restored(time.millis(), from, until));
    history.fault("list servers restored", 1);
  }
}
