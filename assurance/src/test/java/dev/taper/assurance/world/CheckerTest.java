package dev.taper.assurance.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Short histories that just break a rule, beside ones that just do not: no fault shows these. */
class CheckerTest {
  private static final String VERIFIER = "v00";
  private static final String ROOT = "r1";

  /** A call, which is allowed and entered unless something else is said. */
  private static final class Call {
    private String proof = "p1";
    private long from = 100_000;
    private long provenAt = 100_000;
    private boolean alone;
    private boolean allowed = true;
    private boolean died;
    private boolean entered = true;

    Call proof(String name) {
      proof = name;
      return this;
    }

    Call from(long time) {
      from = time;
      return this;
    }

    Call provenAt(long time) {
      provenAt = time;
      return this;
    }

    Call alone() {
      alone = true;
      return this;
    }

    Call denied() {
      allowed = false;
      entered = false;
      return this;
    }

    /** The verifier died before it answered: in the middle of the call, or before it began. */
    Call died(boolean inTheMiddle) {
      died = true;
      entered = inTheMiddle;
      return this;
    }

    Event.Called made() {
      return new Event.Called(
          from + 10,
          from,
          VERIFIER,
          1,
          proof,
          provenAt,
          "t1",
          null,
          List.of(),
          List.of(),
          died ? Event.Answer.NONE : allowed ? Event.Answer.ALLOWED : Event.Answer.DENIED,
          allowed ? null : "expired",
          alone,
          new Event.Entry(proof, allowed),
          entered,
          false);
    }
  }

  private static Event.Minted token(long until, Event.Limit... budgets) {
    return new Event.Minted(0, "t1", List.of(budgets), "issuer", ROOT, until, false);
  }

  private static @Nullable Rule broken(Event.Style style, Event.Minted token, Event... events) {
    History history = new History();
    history.add(token);
    history.add(new Event.Started(0, VERIFIER, 1, style, 0, false));
    history.add(new Event.Fetched(1, VERIFIER, 1, 1, 1, 1));
    Arrays.stream(events).forEach(history::add);
    Broken broken = Checker.check(history);
    return broken == null ? null : broken.rule();
  }

  private static @Nullable Rule broken(Event... events) {
    return broken(Event.Style.JOINED, token(200_000), events);
  }

  @Test
  void check_proofAtTheEdgesOfItsWindow_isInTime() {
    assertThat(broken(new Call().made())).isNull();
    assertThat(broken(new Call().provenAt(40_000).made())).isNull();
    assertThat(broken(new Call().provenAt(39_000).made())).isEqualTo(Rule.PROOF_IN_TIME);
    assertThat(broken(new Call().provenAt(39_000).denied().made())).isNull();
    assertThat(broken(new Call().provenAt(130_000).made())).isNull();
    assertThat(broken(new Call().provenAt(131_000).made())).isEqualTo(Rule.PROOF_IN_TIME);
  }

  @Test
  void check_proofByTheClockOfItsVerifier_isInTime() {
    Event behind = new Event.ClockSet(50_000, VERIFIER, -20_000, false);
    assertThat(broken(behind, new Call().provenAt(20_000).made())).isNull();
    assertThat(broken(behind, new Call().provenAt(112_000).made())).isEqualTo(Rule.PROOF_IN_TIME);
  }

  @Test
  void check_callThatWasEnteredWhereTheVerifierDied_counts() {
    Event.Minted once = token(200_000, new Event.Limit("b1", 1));
    Event sentAgain = new Call().made();
    Event another = new Call().proof("p2").made();
    Event began = new Call().died(true).made();
    Event neverBegan = new Call().died(false).made();
    assertThat(broken(began, sentAgain)).isEqualTo(Rule.PROOF_ONCE);
    assertThat(broken(neverBegan, sentAgain)).isNull();
    assertThat(broken(Event.Style.JOINED, once, began, another))
        .isEqualTo(Rule.BUDGET_WITHIN_LIMIT);
    assertThat(broken(Event.Style.JOINED, once, neverBegan, another)).isNull();
  }

  @Test
  void check_tokenAtItsEnd_isInItsLife() {
    for (long until : List.of(100_000L, 99_996L)) {
      assertThat(broken(Event.Style.JOINED, token(until), new Call().made())).isNull();
    }
    assertThat(broken(Event.Style.JOINED, token(99_000), new Call().made()))
        .isEqualTo(Rule.TOKEN_IN_ITS_LIFE);
    assertThat(broken(Event.Style.JOINED, token(99_000), new Call().denied().made())).isNull();
  }

  @Test
  void check_allowedWhileTheStoreIsDown_isNotClosed() {
    Event down = new Event.StoreDown(90_000, 110_000);
    Event up = new Event.StoreUp(99_000, 0);
    assertThat(broken(down, new Call().made())).isEqualTo(Rule.CLOSED_WITHOUT_STORE);
    assertThat(broken(down, new Call().denied().made())).isNull();
    assertThat(broken(down, up, new Call().made())).isNull();
    // It died while it was asked, or was back before the call was over.
    assertThat(broken(new Event.StoreDown(100_001, 110_000), new Call().made())).isNull();
    assertThat(broken(down, new Event.StoreUp(100_001, 0), new Call().made())).isNull();
  }

  @Test
  void check_allowedWithoutTheStoreThatCounts_isNotClosed() {
    Event down = new Event.StoreDown(90_000, 110_000);
    Event cut = new Event.Cut(90_000, VERIFIER, Event.STORE, 110_000);
    Event otherCut = new Event.Cut(90_000, VERIFIER, Event.LISTS, 110_000);
    Event.Minted budget = token(200_000, new Event.Limit("b1", 5));
    for (Event away : List.of(down, cut)) {
      for (Event.Style style : Event.Style.values()) {
        Call call = new Call();
        List<Event> events = new ArrayList<>(List.of(away));
        events.add((style == Event.Style.ALONE ? call.alone() : call).made());
        Event[] all = events.toArray(new Event[0]);
        assertThat(broken(style, budget, all)).as("%s", style).isEqualTo(Rule.CLOSED_WITHOUT_STORE);
        assertThat(broken(style, token(200_000), all))
            .as("%s", style)
            .isEqualTo(style.asksOthersAlways() ? Rule.CLOSED_WITHOUT_STORE : null);
      }
    }
    assertThat(broken(Event.Style.JOINED, budget, otherCut, new Call().made())).isNull();
  }

  @Test
  void check_logThatCannotGoOnOrHasAFlaw_doesNotVerify() {
    Event.Entry entry = Objects.requireNonNull(new Call().made().recorded());
    Event whole = new Event.LogRead(200_000, VERIFIER, List.of(entry), null);
    Event flawed = new Event.LogRead(200_000, VERIFIER, List.of(entry), "a hash");
    Event empty = new Event.LogRead(200_000, VERIFIER, List.of(), null);
    Event call = new Call().made();
    assertThat(broken(call, whole)).isNull();
    assertThat(broken(call, flawed)).isEqualTo(Rule.LOG_VERIFIES);
    assertThat(broken(call, empty)).isEqualTo(Rule.ACKNOWLEDGED_STAYS_RECORDED);
    assertThat(broken(new Event.LogRefused(5, VERIFIER, "audit_corrupt")))
        .isEqualTo(Rule.LOG_VERIFIES);
    assertThat(broken(new Event.LogRefused(5, VERIFIER, "audit_unavailable"))).isNull();
  }

  @Test
  void check_revokedAtTheBound_isJustAllowed() {
    Event revoked = new Event.Revoked(0, "first", List.of("t1"), 2);
    Event.Minted token = token(900_000);
    Call last = new Call().from(Checker.REVOKED_BOUND).provenAt(Checker.REVOKED_BOUND);
    assertThat(broken(Event.Style.JOINED, token, revoked, last.made())).isNull();
    Call later = last.from(Checker.REVOKED_BOUND + 1);
    assertThat(broken(Event.Style.JOINED, token, revoked, later.made()))
        .isEqualTo(Rule.REVOKED_WITHIN_BOUND);
    Event list = new Event.Fetched(100, VERIFIER, 1, 2, 1, 1);
    assertThat(broken(Event.Style.JOINED, token, revoked, list, new Call().made()))
        .isEqualTo(Rule.REVOKED_STAYS_REVOKED);
  }
}
