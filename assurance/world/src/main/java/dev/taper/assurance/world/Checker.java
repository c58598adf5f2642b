package dev.taper.assurance.world;

import dev.taper.agent.memory.AcceptedProofs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a history and says which rule it breaks first. It knows nothing of the world but what the
 * history says. For one history and one thread.
 */
final class Checker {
  /**
   * How long after it was published a list may still be gone by: for as long as it lasts, by a
   * clock that is behind its issuer's as far as lists are taken (60 s), and set back later as far
   * as is not noticed (60 s). So long after a revocation something may still be allowed.
   */
  static final long LIST_BOUND =
      ListServer.HORIZON.toMillis() + 60_000 + 60_000 + 2_000; // lists count in seconds

  /** How far times of a history are rounded, in milliseconds. */
  static final long ROUNDED = 5;

  private final List<Event> events;
  private final List<Broken> broken = new ArrayList<>();

  private final Map<String, Event.Started> started = new HashMap<>();
  private final Map<String, List<Event>> clocks = new HashMap<>();
  private final Map<String, Event.Revoked> revoked = new HashMap<>();
  private final Map<String, Event.Cut> cuts = new HashMap<>();
  private final Map<String, List<Event.Fetched>> fetched = new HashMap<>();
  private final Map<String, List<Event.Called>> byProof = new HashMap<>();
  private final Map<String, List<Event.Called>> byBudget = new HashMap<>();
  private final Map<String, List<Event.Called>> alone = new HashMap<>();

  /** By verifier and life: the latest that its clock showed while it decided. */
  private final Map<String, Long> seen = new HashMap<>();

  /** By proof: the call by which a verifier told the store of one that it took alone. */
  private final Map<String, Event.Called> told = new HashMap<>();

  /** Set while the store is down. */
  private Event.@Nullable StoreDown down;

  private final LogRules logs = new LogRules(this::breaks);
  private final TokenRules tokens = new TokenRules(this::breaks);
  private final ApprovalRules approvals = new ApprovalRules(this::breaks);
  private final ProofRules proofs = new ProofRules(this::breaks);

  /** Is told of what breaks a rule. */
  interface Breaking {
    /** A rule is broken, as events show. */
    void breaks(Rule rule, String why, Event... shown);
  }

  private Checker(List<Event> events) {
    this.events = events;
  }

  /** The rule that a history breaks first, with the least that shows it; null if it holds all. */
  static @Nullable Broken check(History history) {
    Checker checker = new Checker(history.events());
    checker.read();
    return checker.broken.stream()
        .min(
            Comparator.comparingLong(Broken::at)
                .thenComparing((Broken one) -> one.events().size())
                .thenComparing(Broken::rule))
        .orElse(null);
  }

  private void read() {
    for (Event event : events) {
      if (event instanceof Event.Minted one) {
        tokens.minted(one);
      } else if (event instanceof Event.KeyRetired one) {
        tokens.retired(one);
      } else if (event instanceof Event.Started one) {
        started.put(one.verifier(), one);
        clocks.computeIfAbsent(one.verifier(), name -> new ArrayList<>()).add(one);
      } else if (event instanceof Event.ClockSet one) {
        clocks.computeIfAbsent(one.verifier(), name -> new ArrayList<>()).add(one);
      } else if (event instanceof Event.Revoked one) {
        one.tokens().forEach(token -> revoked.putIfAbsent(token, one));
      } else if (event instanceof Event.Cut one && one.from().equals(Event.STORE)) {
        cuts.merge(one.verifier(), one, (a, b) -> b.until() > a.until() ? b : a);
      } else if (event instanceof Event.StoreDown one) {
        down = one;
      } else if (event instanceof Event.StoreUp) {
        down = null;
      } else if (event instanceof Event.Fetched one) {
        fetched.computeIfAbsent(life(one), name -> new ArrayList<>()).add(one);
      } else if (event instanceof Event.Asked one) {
        approvals.asked(one);
      } else if (event instanceof Event.Approved one) {
        approvals.approved(one);
      } else if (event instanceof Event.Retired one) {
        approvals.retired(one);
      } else if (event instanceof Event.DiskFull one) {
        logs.full(one);
      } else if (event instanceof Event.LogRefused one) {
        logs.refused(one);
      } else if (event instanceof Event.LogRead one) {
        logs.read(one);
      } else if (event instanceof Event.Called one) {
        called(one);
      }
    }
    proofs.end();
  }

  private static String life(Event.Called call) {
    return call.verifier() + " " + call.life();
  }

  private static String life(Event.Fetched lists) {
    return lists.verifier() + " " + lists.life();
  }

  private void called(Event.Called call) {
    alone(call);
    logs.called(call);
    Shown shown = shown(call);
    proofs.called(call, shown.earliest(), latest(call, shown), approvals.comeCounted(call));
    if (call.allowed()) {
      allowed(call, shown);
    }
    seen.merge(life(call), shown.latest(), Math::max);
  }

  private void allowed(Event.Called call, Shown shown) {
    proofOnce(call);
    proofInTime(call, shown);
    Event.Fetched had = lists(call);
    int keys = had == null ? -1 : had.keys();
    int approvers = had == null ? -1 : had.approvers();
    tokens.allowed(call, shown.earliest(), keys);
    approvals.allowed(call, shown.earliest(), latest(call, shown), approvers);
    budgets(call);
    revoked(call);
    if (had != null && call.from() - had.at() > LIST_BOUND) {
      breaks(
          Rule.LISTS_LAST_SO_LONG,
          call.verifier() + " had lists of " + (call.from() - had.at()) / 1000 + " s before.",
          had,
          call);
    }
    closed(call);
  }

  private void breaks(Rule rule, String why, Event... shown) {
    broken.add(new Broken(rule, why, List.of(shown)));
  }

  private void proofOnce(Event.Called call) {
    List<Event.Called> before = byProof.computeIfAbsent(call.proof(), proof -> new ArrayList<>());
    for (Event.Called other : before) {
      boolean sameLife = other.verifier().equals(call.verifier()) && other.life() == call.life();
      if (sameLife || (isShared(other) && isShared(call))) {
        breaks(Rule.PROOF_ONCE, "Proof " + call.proof() + " let two calls through.", other, call);
      }
    }
    Event.Called telling = told.get(call.proof());
    if (telling != null && isShared(call) && call.from() > telling.at()) {
      breaks(
          Rule.PROOF_ONCE,
          "The store knew of proof " + call.proof() + ".",
          before.get(0),
          telling,
          call);
    }
    before.add(call);
  }

  /** True if the store was asked about the call's proof. */
  private boolean isShared(Event.Called call) {
    return !call.alone()
        && Objects.requireNonNull(started.get(call.verifier())).style() != Event.Style.OWN;
  }

  /** What a verifier's clock shows while a call is decided, at least and at most. */
  private record Shown(long earliest, long latest, @Nullable Event clock) {}

  private Shown shown(Event.Called call) {
    Shown shown = new Shown(Long.MAX_VALUE, Long.MIN_VALUE, null);
    for (Event set : clocks.getOrDefault(call.verifier(), List.of())) {
      long earliest = shown(set, Math.max(call.from(), set.at()));
      long latest = shown(set, call.at());
      boolean isBefore = set.at() <= call.from(); // what was shown before that does not matter
      shown =
          new Shown(
              isBefore ? earliest : Math.min(shown.earliest(), earliest),
              isBefore ? latest : Math.max(shown.latest(), latest),
              set);
    }
    return shown;
  }

  /** The latest time that a verifier may have gone by. */
  private long latest(Event.Called call, Shown shown) {
    return Math.max(shown.latest(), seen.getOrDefault(life(call), Long.MIN_VALUE));
  }

  /** Where a clock was set back, a verifier may go on by the time of any proof that was good. */
  private void proofInTime(Event.Called call, Shown shown) {
    AcceptedProofs.Window window = AcceptedProofs.Window.DEFAULT;
    long latest = latest(call, shown);
    boolean tooOld = shown.earliest() - call.provenAt() > window.back().toMillis() + ROUNDED;
    boolean tooNew = call.provenAt() - latest > window.ahead().toMillis() + ROUNDED;
    if (tooOld || tooNew) {
      breaks(
          Rule.PROOF_IN_TIME,
          "Proof " + call.proof() + " is too " + (tooOld ? "old." : "new."),
          Objects.requireNonNull(shown.clock()),
          call);
    }
  }

  /** What a clock shows at a time, in milliseconds since noon, by the event that set it. */
  private static long shown(Event event, long at) {
    if (event instanceof Event.ClockSet set) {
      return shown(set.at(), set.ahead(), set.slow(), at);
    }
    Event.Started start = (Event.Started) event;
    return shown(start.at(), start.ahead(), start.slow(), at);
  }

  private static long shown(long setAt, long ahead, boolean slow, long at) {
    return setAt + ahead + (at - setAt) / (slow ? ProcessClock.SLOWER : 1);
  }

  private void alone(Event.Called call) {
    String life = life(call);
    if (!call.alone()) {
      if (call.code() == null || !call.code().endsWith("_unavailable")) {
        List<Event.Called> before = alone.remove(life); // the store answers
        if (before != null && call.allowed()) {
          before.forEach(one -> told(one, call));
        }
      }
      return;
    }
    List<Event.Called> run = alone.computeIfAbsent(life, name -> new ArrayList<>());
    run.add(call);
    Event.Called first = run.get(0);
    if (run.size() > Parts.CALLS_ALONE) {
      breaks(
          Rule.ALONE_WITHIN_BOUNDS,
          call.verifier() + " took " + run.size() + " calls alone.",
          run.toArray(new Event[0]));
    } else if (call.from() - first.at() > Parts.LONGEST_ALONE.toMillis()) {
      breaks(
          Rule.ALONE_WITHIN_BOUNDS,
          call.verifier() + " was alone for " + (call.from() - first.at()) + " ms.",
          first,
          call);
    }
  }

  /** Notes that a call told the store of a proof, unless it no longer mattered by its clock. */
  private void told(Event.Called one, Event.Called by) {
    List<Event> set = Objects.requireNonNull(clocks.get(by.verifier()));
    Event clock = set.get(set.size() - 1);
    long end = one.provenAt() + AcceptedProofs.Window.DEFAULT.back().toMillis();
    if (clock.at() < by.from() && shown(clock, by.at()) < end) {
      told.putIfAbsent(one.proof(), by);
    }
  }

  /** The lists that the call's verifier had; null if it had none. */
  private Event.@Nullable Fetched lists(Event.Called call) {
    Event.Fetched last = null;
    for (Event.Fetched lists : fetched.getOrDefault(life(call), List.of())) {
      last = lists.at() <= call.from() ? lists : last;
    }
    return last;
  }

  private void budgets(Event.Called call) {
    Event.Minted token = tokens.of(call);
    for (Event.Limit limit : token.budgets()) {
      counted(
          call,
          byBudget.computeIfAbsent(limit.budget(), name -> new ArrayList<>()),
          limit.calls(),
          uses ->
              breaks(
                  Rule.BUDGET_WITHIN_LIMIT,
                  "Budget " + limit + " let " + uses.size() + " calls through.",
                  shown(token, uses)));
    }
  }

  /** Counts a call, unless the service never began it, and says so if that is one too many. */
  private static void counted(
      Event.Called call, List<Event.Called> uses, int limit, Consumer<List<Event.Called>> tooMany) {
    if (!call.givenBack()) {
      uses.add(call);
      if (uses.size() > limit) {
        tooMany.accept(uses);
      }
    }
  }

  static Event[] shown(Event first, List<Event.Called> then) {
    List<Event> all = new ArrayList<>(List.of(first));
    all.addAll(then);
    return all.toArray(new Event[0]);
  }

  private void revoked(Event.Called call) {
    Event.Revoked revocation = revoked.get(call.token());
    if (revocation == null) {
      return;
    }
    for (Event.Fetched lists : fetched.getOrDefault(life(call), List.of())) {
      if (lists.sequence() >= revocation.sequence() && lists.at() <= call.from()) {
        breaks(
            Rule.REVOKED_STAYS_REVOKED,
            call.verifier() + " had a list with token " + call.token() + ".",
            revocation,
            lists,
            call);
        break;
      }
    }
    if (call.from() - revocation.at() > LIST_BOUND) {
      breaks(
          Rule.REVOKED_WITHIN_BOUND,
          "Token "
              + call.token()
              + " was revoked "
              + (call.from() - revocation.at()) / 1000
              + " s before.",
          revocation,
          call);
    }
  }

  private void closed(Event.Called call) {
    Event.Started start = Objects.requireNonNull(started.get(call.verifier()));
    if (!fetched.containsKey(life(call))) {
      breaks(Rule.CLOSED_WITHOUT_LISTS, call.verifier() + " never had lists.", start, call);
    }
    Event unasked = unasked(call);
    boolean counts = approvals.areCounted(call) || !tokens.of(call).budgets().isEmpty();
    if (unasked != null && isShared(call)) {
      breaks(
          Rule.CLOSED_WITHOUT_STORE,
          call.verifier() + " could not ask about the proof.",
          unasked,
          call);
    } else if (counts && (call.alone() || unasked != null)) {
      breaks(
          Rule.CLOSED_WITHOUT_STORE,
          call.verifier() + " could not ask about budgets and approvals.",
          unasked == null ? start : unasked,
          call);
    }
  }

  /** Why the store could not be asked all the time that a call took; null if it could. */
  private @Nullable Event unasked(Event.Called call) {
    Event.Cut cut = cuts.get(call.verifier());
    if (cut != null && cut.at() <= call.from() && call.at() < cut.until()) {
      return cut;
    }
    return down != null && down.at() < call.from() ? down : null;
  }
}
