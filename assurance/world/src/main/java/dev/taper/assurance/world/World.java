package dev.taper.assurance.world;

import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.Reservation;
import dev.taper.assurance.world.disk.SimulatedDisk;
import dev.taper.token.TokenCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A world: verifiers that share a store, holders who call them, approvers, issuers, and all that
 * can go wrong between them. Everything is done in turns, so a seed and a plan give one history.
 * For one thread, once.
 */
final class World implements Network.Surroundings, SimulatedDisk.Chances {
  /** How many verifiers there are. */
  static final int VERIFIERS = 64;

  /** By how much a clock of theirs is wrong without anybody's doing. */
  private static final Duration SKEW = Duration.ofSeconds(4);

  private static final Duration SLOW_DISK = Duration.ofMillis(400);
  private static final int TOKEN_CACHE = 1 << 22;
  private static final int BURST = 7;

  /** In one of so many worlds somebody patient attacks verifiers by their clocks. */
  private static final int PATIENT_EVERY = 8;

  /** How many approvals come with a call at most. */
  private static final int MOST_SENT = 3;

  private final WorldTime time = new WorldTime();
  private final History history = new History();
  private final Parts parts;
  private final Store store;
  private final Network network;
  private final ListServer lists;
  private final Approvers approvers;
  private final Holders holders;
  private final Issuers issuers;
  private final List<VerifierProcess> verifiers = new ArrayList<>();
  private final Trouble trouble;
  private final boolean patient;

  private Luck luck;

  /** What happens while somebody waits, and how many waits later. */
  private @Nullable Step pending;

  private int waits;
  private boolean isWithin;
  private boolean isOver;

  private World(long seed, Parts parts) {
    this.parts = parts;
    this.luck = new Luck(seed);
    boolean keeps = luck.percent(75);
    this.store =
        new Store(time, () -> parts.content(this::pauseStore), keeps, parts.saysWhatItLost());
    this.network = new Network(time, store, this);
    this.lists = new ListServer(time, Holders.key(luck), Holders.key(luck));
    this.approvers = new Approvers(time, luck, parts);
    this.holders = new Holders(time, luck, approvers.chief());
    this.issuers = new Issuers(time, luck, holders.root());
    VerifierProcess.Common common =
        new VerifierProcess.Common(
            time,
            network,
            store,
            lists,
            approvers,
            issuers,
            TokenCache.of(TOKEN_CACHE),
            this,
            Holders.key(luck),
            parts);
    for (int i = 0; i < VERIFIERS; i++) {
      Duration ahead = luck.upTo(SKEW.multipliedBy(2)).minus(SKEW);
      verifiers.add(new VerifierProcess(common, i, ahead));
    }
    this.patient = seed % PATIENT_EVERY == 0;
    this.trouble = new Trouble(this, patient);
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
    world.holders.minted().forEach(world.history::add);
    plan.forEach(world::happens);
    world.isOver = true;
    for (VerifierProcess verifier : world.verifiers) {
      world.note(verifier.recorder().read(world.time.millis(), verifier.name()));
    }
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

  @Override
  public void crashStore() {
    trouble.crashStore();
  }

  @Override
  public boolean tears() {
    return !isOver && luck.below(400) == 0;
  }

  @Override
  public boolean fails() {
    if (isOver) {
      return false;
    }
    if (luck.percent(2)) {
      time.pass(luck.upTo(SLOW_DISK));
    }
    return luck.below(100) == 0;
  }

  @Override
  public int below(int bound) {
    return luck.below(bound);
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
    trouble.storeStarts();
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
      case ANSWER -> answer();
      case MINT -> note(issuers.mint(luck));
      case ROTATE -> note(issuers.rotate(luck));
      case RETIRE -> note(approvers.retire(luck));
      default -> trouble.happens(kind);
    }
  }

  WorldTime time() {
    return time;
  }

  History history() {
    return history;
  }

  Store store() {
    return store;
  }

  ListServer lists() {
    return lists;
  }

  Holders holders() {
    return holders;
  }

  /** A moment from now to so much later. */
  long in(Duration atMost) {
    return time.millis() + luck.upTo(atMost).toMillis();
  }

  /** A verifier; a few are asked much more often than the others. */
  VerifierProcess verifier() {
    int at = luck.mostlySmall(VERIFIERS);
    while (verifiers.get(at).isBusy()) {
      at = (at + 1) % VERIFIERS;
    }
    return verifiers.get(at);
  }

  void note(@Nullable Event event) {
    if (event != null) {
      history.add(event);
    }
  }

  // Calls.

  private void call() {
    Holders.Held session = luck.percent(12) ? issuers.session(luck) : null;
    Holders.Held token = session == null ? token() : session;
    boolean hostile = luck.percent(patient ? 25 : trouble.isRevoked(token) ? 40 : 20);
    if (hostile && patient) {
      token = trouble.tokenOfThePatient();
    }
    VerifierProcess verifier = hostile ? trouble.attackedOr(token, this::verifier) : verifier();
    int calls = hostile && patient ? 1 : 1 + luck.below(BURST);
    for (int i = 0; i < calls; i++) {
      present(
          verifier, hostile ? holders.proveAsShown(token, verifier.clock()) : holders.prove(token));
    }
  }

  /** A token, mostly one that is good; who has one that was just revoked tries it again. */
  private Holders.Held token() {
    List<Holders.Held> revoked = trouble.revoked();
    if (!revoked.isEmpty() && luck.percent(25)) {
      return luck.percent(50) ? revoked.get(revoked.size() - 1) : luck.of(revoked);
    }
    List<Holders.Held> good = new ArrayList<>(holders.tokens());
    good.removeAll(revoked);
    good.removeIf(token -> token.asks() && !luck.percent(20));
    return good.isEmpty() ? luck.of(revoked) : luck.of(good);
  }

  private void replay() {
    List<Holders.Sent> sent = holders.sent();
    if (!sent.isEmpty()) {
      // Whoever listens sends it at once, to be first.
      int back = isWithin && luck.percent(60) ? 0 : luck.mostlySmall(sent.size());
      present(trouble.behindOr(this::verifier), sent.get(sent.size() - 1 - back));
    }
  }

  private void approved() {
    List<Approvers.Ask> asks = approvers.asks();
    Approvers.Ask ask;
    if (asks.isEmpty() || luck.percent(25)) {
      ask = approvers.ask(token(), luck);
      note(approvers.asked(ask));
      for (int i = 1 + luck.below(3); i > 0; i--) {
        note(approvers.answer(ask, luck));
        time.pass(Duration.ofSeconds(1));
      }
    } else {
      ask = asks.get(asks.size() - 1 - luck.mostlySmall(asks.size()));
    }
    // Now and then with what was given for something else, or by another holder of the task.
    Approvers.Ask given = luck.percent(10) ? luck.of(asks) : ask;
    Holders.Held token = luck.percent(5) ? token() : ask.token();
    List<Approvers.Given> all = given.given();
    present(
        verifier(),
        holders.prove(
            token, ask, List.copyOf(all.subList(Math.max(0, all.size() - MOST_SENT), all.size()))));
  }

  private void answer() {
    List<Approvers.Ask> asks = approvers.asks();
    if (!asks.isEmpty()) {
      note(approvers.answer(asks.get(asks.size() - 1 - luck.mostlySmall(asks.size())), luck));
    }
  }

  private void present(VerifierProcess verifier, Holders.Sent sent) {
    if (verifier.isBusy()) {
      return;
    }
    note(verifier.setClockRightIfDue());
    verifier.recorder().makeRoomIfDue(time.millis());
    note(verifier.startIfDue());
    if (!verifier.isLiving()) {
      return; // nobody listens there
    }
    note(verifier.fetchIfDue());
    trouble.called(verifier);
    long from = time.millis();
    int life = verifier.lives();
    VerifierProcess.@Nullable Decided decided = null;
    Settled settled = new Settled();
    boolean answered = false;
    try {
      decided = verifier.decide(sent);
      answered = answers(verifier, decided.decision(), settled);
    } catch (Network.Died e) {
      // Its caller gets no answer.
    }
    boolean allowed = decided != null && decided.code() == null;
    history.add(
        new Event.Called(
            time.millis(),
            from,
            verifier.name(),
            life,
            sent.proofName(),
            sent.provenAt(),
            sent.token().name(),
            sent.ask() == null ? null : sent.ask().name(),
            sent.given().stream().map(Approvers.Given::name).toList(),
            decided == null ? List.of() : decided.counted(),
            !answered ? Event.Answer.NONE : allowed ? Event.Answer.ALLOWED : Event.Answer.DENIED,
            answered && decided != null ? decided.code() : null,
            decided != null && decided.alone(),
            decided == null ? null : decided.recorded(),
            settled.entered,
            settled.givenBack));
  }

  /** True if the verifier's process still lives, and the service answers. */
  private boolean answers(
      VerifierProcess verifier, @Nullable CallDecision decision, Settled settled) {
    if (verifier.recorder().isDead()) {
      trouble.ended(verifier.crash(in(Duration.ofSeconds(20)), Event.How.TORN));
      return false;
    }
    return !(decision instanceof CallDecision.Allowed allowed)
        || settle(verifier, allowed.reservation(), settled);
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
    if (what < 14) {
      settled.givenBack = true; // the handler is not entered, as its queue is full
      reservation.giveBack();
      return true;
    }
    if (what < 15) {
      trouble.crash(verifier); // between the decision and the call
      return false;
    }
    settled.entered = true;
    if (what < 16) {
      trouble.crash(verifier); // in the middle of the call
      return false;
    }
    if (what < 22) {
      parts.failed(reservation);
    } else {
      reservation.close();
    }
    return true;
  }
}
