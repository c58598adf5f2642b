package dev.taper.assurance.world;

import dev.taper.revocation.RevocationEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What goes wrong in a world, and who makes it go wrong. For one world and one thread. */
final class Trouble {
  /** How often something is revoked at most, in milliseconds. */
  private static final long REVOKE_EVERY = 60_000;

  /** By how much a clock is wrong at least so that others notice, if lists still count by it. */
  private static final Duration NOTICEABLE = Duration.ofSeconds(15);

  /** For how long a clock is set back again and again at least, in milliseconds. */
  private static final long SLOW_AT_LEAST = 120_000;

  private final World world;
  private final boolean patient;
  private final List<Holders.Held> revoked = new ArrayList<>();

  /** Whose clock somebody sets back again and again, to use there what was revoked. */
  private @Nullable VerifierProcess attacked;

  /** Whose clock somebody set ahead, to have others forget there what was used. */
  private @Nullable VerifierProcess ahead;

  /** Whose clock somebody set back, to use there what others may have forgotten. */
  private @Nullable VerifierProcess behind;

  /** The last that was called of those that do not always ask others about proofs. */
  private @Nullable VerifierProcess prey;

  /**
   * What goes wrong.
   *
   * @param patient true if somebody patient attacks verifiers by their clocks
   */
  Trouble(World world, boolean patient) {
    this.world = world;
    this.patient = patient;
  }

  void happens(Step.Kind kind) {
    switch (kind) {
      case CUT -> cut();
      case CRASH -> crash(world.verifier());
      case STOP -> ended(stop(world.verifier()));
      case POWER -> losePower(world.verifier());
      case DISK -> fillDisk(world.verifier());
      case CLOCK -> setClock();
      case STORE -> crashStore();
      case REVOKE -> revoke();
      case RESTORE -> restore(now(), 1 + luck().below(5));
      case PAUSE -> pause(Duration.ofSeconds(60));
      default -> throw new IllegalStateException(kind + " is no trouble");
    }
  }

  private Luck luck() {
    return world.luck();
  }

  private long now() {
    return world.time().millis();
  }

  private void note(@Nullable Event event) {
    world.note(event);
  }

  private void fault(String kind, int count) {
    world.history().fault(kind, count);
  }

  /** What was revoked, the latest last. */
  List<Holders.Held> revoked() {
    return revoked;
  }

  boolean isRevoked(Holders.Held token) {
    return revoked.contains(token);
  }

  /** Whom somebody with something hostile calls. */
  VerifierProcess attackedOr(Holders.Held token, Supplier<VerifierProcess> another) {
    return or(patient || isRevoked(token) ? attacked : ahead, another);
  }

  /** A token without a budget: nobody has to be asked to count its calls. */
  Holders.Held tokenOfThePatient() {
    return luck()
        .of(
            world.holders().tokens().stream()
                .filter(token -> token.limits().isEmpty() && !token.asks())
                .toList());
  }

  /** Whom somebody calls who sends again what was sent. */
  VerifierProcess behindOr(Supplier<VerifierProcess> another) {
    return or(luck().percent(40) ? behind : null, another);
  }

  private VerifierProcess or(
      @Nullable VerifierProcess verifier, Supplier<VerifierProcess> another) {
    return verifier != null && !verifier.isBusy() && luck().percent(80) ? verifier : another.get();
  }

  /** Somebody calls a verifier. */
  void called(VerifierProcess verifier) {
    prey = verifier.style().asksOthersAlways() ? prey : verifier;
  }

  // Processes and their machines.

  void ended(Event.@Nullable Ended event) {
    if (event != null) {
      note(event);
      fault(event.how().fault(), 1);
    }
  }

  void crash(VerifierProcess verifier) {
    ended(verifier.crash(world.in(Duration.ofSeconds(20)), Event.How.CRASHED));
  }

  private void losePower(VerifierProcess verifier) {
    ended(verifier.crash(world.in(Duration.ofSeconds(20)), Event.How.POWER_LOST));
    verifier.recorder().losePower();
  }

  private Event.@Nullable Ended stop(VerifierProcess verifier) {
    long at = now();
    int life = verifier.lives();
    try {
      return verifier.stop(world.in(Duration.ofSeconds(5)));
    } catch (Network.Died e) {
      return new Event.Ended(at, verifier.name(), life, Event.How.CRASHED); // while it gave back
    }
  }

  private void fillDisk(VerifierProcess verifier) {
    long until = world.in(Duration.ofSeconds(luck().percent(20) ? 200 : 20));
    verifier.recorder().fill(until);
    note(new Event.DiskFull(now(), verifier.name(), until));
    fault("disks full", 1);
  }

  // What lies around.

  private void cut() {
    VerifierProcess verifier = world.verifier();
    long until = world.in(Duration.ofSeconds(luck().percent(10) ? 400 : 20));
    int what = luck().below(3);
    if (what != 1) {
      cutFromStore(verifier, until);
    }
    if (what != 0) {
      cutFromLists(verifier, until);
    }
  }

  /** Nobody leaves a verifier whose clock still helps, unless it goes alone, and not for long. */
  private boolean helpsStill(@Nullable VerifierProcess verifier) {
    return verifier != null
        && verifier.clock().isSlow()
        && !(patient && verifier.style() == Event.Style.ALONE);
  }

  private void cutFromStore(VerifierProcess verifier, long until) {
    verifier.cutFromStore(until);
    note(new Event.Cut(now(), verifier.name(), Event.STORE, until));
    fault("connections cut", 1);
  }

  private void cutFromLists(VerifierProcess verifier, long until) {
    verifier.cutFromLists(until);
    note(new Event.Cut(now(), verifier.name(), Event.LISTS, until));
    fault("connections cut", 1);
  }

  /** Sets a clock: within what proofs bear, or at its edge, or far beyond. */
  private void setClock() {
    boolean slow = luck().percent(patient ? 60 : 25);
    VerifierProcess verifier = slow && prey != null ? prey : world.verifier();
    boolean far = luck().percent(30);
    Duration bound = far ? Duration.ofHours(1) : Duration.ofSeconds(luck().percent(50) ? 20 : 60);
    Duration ahead = luck().upTo(bound.multipliedBy(2)).minus(bound);
    long until = world.in(Duration.ofSeconds(slow || luck().percent(50) ? 600 : 60));
    until += slow ? SLOW_AT_LEAST : 0;
    note(slow ? verifier.slowClock(until) : verifier.setClock(ahead, until));
    if (slow && !helpsStill(attacked)) {
      attacked = verifier;
    }
    if (!slow && !far && ahead.abs().compareTo(NOTICEABLE) > 0) {
      this.ahead = ahead.isNegative() ? this.ahead : verifier;
      this.behind = ahead.isNegative() ? verifier : this.behind;
    }
    if (slow && patient && verifier.style() == Event.Style.ALONE) {
      cutFromStore(verifier, until); // its lists have to be new for as long as they can
    } else if (slow || (far && luck().percent(50))) { // whoever has the clock has the network, too
      cutFromLists(verifier, until);
      if (slow && !patient && luck().percent(50)) {
        cutFromStore(verifier, until);
      }
    }
    fault("clocks set", 1);
  }

  void crashStore() {
    if (world.store().isUp()) {
      long until = world.in(Duration.ofSeconds(15));
      world.store().crash(until);
      note(new Event.StoreDown(now(), until));
      fault("stores crashed", 1);
    }
  }

  void storeStarts() {
    Integer lost = world.store().startIfDue();
    if (lost != null) {
      note(new Event.StoreUp(now(), lost));
      fault("writes lost", lost);
    } else if (luck().percent(10)) {
      world.store().sync();
    }
  }

  private void revoke() {
    Holders.Held token = luck().of(world.holders().tokens());
    if (revoked.size() > now() / REVOKE_EVERY || revoked.contains(token)) {
      return;
    }
    boolean whole = token.task() > 0 && luck().percent(30);
    RevocationEntry entry = whole ? Holders.ofTask(token.task()) : Holders.ofBlock(token);
    List<String> names = new ArrayList<>();
    for (Holders.Held other : world.holders().tokens()) {
      boolean ends =
          whole
              ? other.task() == token.task()
              : other.name().equals(token.name()) || other.name().startsWith(token.name() + "/");
      if (ends && !revoked.contains(other)) {
        names.add(other.name());
        revoked.add(other);
      }
    }
    String issuer = world.lists().revoke(luck().below(2), entry);
    note(new Event.Revoked(now(), issuer, names, world.lists().sequence()));
    if (luck().percent(40)) {
      restore(world.in(Duration.ofSeconds(20)), 1); // when some have the new lists
    }
  }

  private void pause(Duration atMost) {
    world.time().pass(luck().upTo(atMost));
  }

  /** Restores the server of lists from a backup of now, then. */
  private void restore(long from, int back) {
    long until = from + luck().upTo(Duration.ofSeconds(90)).toMillis();
    world.lists().restore(from, until, back);
    note(new Event.Restored(now(), from, until));
    fault("list servers restored", 1);
  }
}
