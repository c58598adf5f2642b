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
    private int life = 1;
    private long from = 100_000;
    private long provenAt = 100_000;
    private boolean alone;
    private String code = "";
    private boolean died;
    private boolean entered = true;
    private boolean asked;
    private List<String> approvals = List.of();
    private List<String> counted = List.of();

    Call proof(String name) {
      proof = name;
      return this;
    }

    Call life(int number) {
      life = number;
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
      return denied("expired");
    }

    Call denied(String why) {
      code = why;
      entered = false;
      return this;
    }

    /** What was asked as q1, with approvals, and what the verifier says that it rests on. */
    Call asked(List<String> sent, String... restsOn) {
      asked = true;
      approvals = sent;
      counted = List.of(restsOn);
      return this;
    }

    /** The verifier died before it answered: in the middle of the call, or before it began. */
    Call died(boolean inTheMiddle) {
      died = true;
      entered = inTheMiddle;
      return this;
    }

    Event.Called made() {
      boolean allowed = code.isEmpty();
      return new Event.Called(
          from + 10,
          from,
          VERIFIER,
          life,
          proof,
          provenAt,
          "t1",
          asked ? "q1" : null,
          approvals,
          counted,
          died ? Event.Answer.NONE : allowed ? Event.Answer.ALLOWED : Event.Answer.DENIED,
          allowed ? null : code,
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
    Call last = new Call().from(Checker.LIST_BOUND).provenAt(Checker.LIST_BOUND);
    assertThat(broken(Event.Style.JOINED, token, revoked, last.made())).isNull();
    Call later = last.from(Checker.LIST_BOUND + 1);
    assertThat(broken(Event.Style.JOINED, token, revoked, later.made()))
        .isEqualTo(Rule.REVOKED_WITHIN_BOUND);
    Event list = new Event.Fetched(100, VERIFIER, 1, 2, 1, 1);
    assertThat(broken(Event.Style.JOINED, token, revoked, list, new Call().made()))
        .isEqualTo(Rule.REVOKED_STAYS_REVOKED);
  }

  @Test
  void check_listsOfTheirWholeTime_areJustGoneBy() {
    Event.Minted token = token(900_000);
    Call last = new Call().from(Checker.LIST_BOUND + 1).provenAt(Checker.LIST_BOUND);
    assertThat(broken(Event.Style.JOINED, token, last.made())).isNull();
    Call later = last.from(Checker.LIST_BOUND + 2);
    assertThat(broken(Event.Style.JOINED, token, later.made())).isEqualTo(Rule.LISTS_LAST_SO_LONG);
    assertThat(broken(Event.Style.JOINED, token, later.denied().made())).isNull();
    Event newer = new Event.Fetched(2, VERIFIER, 1, 1, 1, 1);
    later = new Call().from(Checker.LIST_BOUND + 2).provenAt(Checker.LIST_BOUND);
    assertThat(broken(Event.Style.JOINED, token, newer, later.made())).isNull();
  }

  @Test
  void check_refusedAsTooNewWhereTheClockWasSetBack_goesByTheLatestProof() {
    Event before = new Call().made(); // when the clock showed 100,000
    Event back = new Event.ClockSet(101_000, VERIFIER, -60_000, false);
    Call refused =
        new Call().proof("p2").from(110_000).provenAt(110_000).denied("proof_not_yet_valid");
    assertThat(broken(back, refused.made())).isNull();
    assertThat(broken(before, back, refused.made())).isEqualTo(Rule.GOES_ON_WHEN_SET_BACK);
    assertThat(broken(before, refused.made())).isEqualTo(Rule.GOES_ON_WHEN_SET_BACK);
    assertThat(broken(before, back, refused.provenAt(131_000).made())).isNull();
    // A process that started anew took nothing before.
    Event anew = new Event.Started(105_000, VERIFIER, 2, Event.Style.JOINED, -60_000, false);
    Call later = refused.life(2).provenAt(110_000);
    assertThat(broken(before, anew, later.made())).isNull();
  }

  @Test
  void check_usedThoughNoCallTookIt_isUsedByARefusedOne() {
    Event again = new Call().from(105_000).denied("proof_replayed").made();
    for (String before : List.of("expired", "check_failed", "approval_required", "revoked")) {
      Event refused = new Call().denied(before).made();
      assertThat(broken(refused, again)).as(before).isEqualTo(Rule.REFUSED_USES_NOTHING);
    }
    for (String behind : List.of("budget_exhausted", "replay_cache_unavailable")) {
      assertThat(broken(new Call().denied(behind).made(), again)).as(behind).isNull();
    }
    assertThat(broken(new Call().made(), again)).isNull();
    assertThat(broken(new Call().died(false).made(), again)).isNull();
    assertThat(broken(new Call().proof("p2").made(), again)).isEqualTo(Rule.REFUSED_USES_NOTHING);
    // It began while the other one was decided, which took the proof.
    assertThat(broken(again, new Call().from(104_000).made())).isNull();
    assertThat(broken(again, new Call().from(105_010).made())).isNull(); // in one millisecond
    assertThat(broken(again, new Call().from(106_000).made())).isEqualTo(Rule.REFUSED_USES_NOTHING);
  }

  @Test
  void check_usedWhereOthersMayHaveForgottenIt_mayBeTakenForUsed() {
    Event refused = new Call().denied().made();
    Event again = new Call().from(105_000).denied("proof_replayed").made();
    Event ahead = new Event.ClockSet(101_000, VERIFIER, 58_000, false);
    Event another = new Call().proof("p2").from(102_000).provenAt(150_000).made();
    assertThat(broken(refused, ahead, another, again)).isNull();
  }

  @Test
  void check_usedBesideCountedApprovals_mayHaveBeenTaken() {
    Event again = new Call().from(105_000).denied("proof_replayed").made();
    Event refused = new Call().asked(List.of("a1")).denied("approval_expired").made();
    assertThat(broken(asked(1), approved("a1", "one", 0), refused, again))
        .isEqualTo(Rule.REFUSED_USES_NOTHING);
    assertThat(broken(asked(1), approved("a1", "one", 1), refused, again)).isNull();
  }

  private static Event asked(int needed) {
    return new Event.Asked(10, "q1", "t1", needed, needed == 1 ? "one" : null, false);
  }

  private static Event approved(String approval, String person, int calls) {
    return new Event.Approved(20, approval, "q1", person, 20, 300_000, calls);
  }

  @Test
  void check_approvedForTheTokenWithAnotherBlockOfItsHolder_counts() {
    Event given = approved("a1", "one", 0);
    Event call = new Call().asked(List.of("a1"), "a1").made();
    for (String same : List.of("t1", "t1/asking")) {
      Event asked = new Event.Asked(10, "q1", same, 1, "one", false);
      assertThat(broken(asked, given, call)).as(same).isNull();
    }
    for (String other : List.of("t2", "t1/0")) {
      Event asked = new Event.Asked(10, "q1", other, 1, "one", false);
      assertThat(broken(asked, given, call)).as(other).isEqualTo(Rule.APPROVED_BY_ENOUGH);
    }
  }

  @Test
  void check_recordedWithMoreThanItNeeded_isNotAsNeeded() {
    Event first = approved("a1", "one", 0);
    Event second = approved("a2", "two", 0);
    Event third = approved("a3", "three", 0);
    List<String> all = List.of("a1", "a2", "a3");
    Event enough = new Call().asked(all, "a1", "a3").made();
    Event more = new Call().asked(all, "a1", "a2", "a3").made();
    Event less = new Call().asked(all, "a1").made();
    assertThat(broken(asked(2), first, second, third, enough)).isNull();
    assertThat(broken(asked(2), first, second, third, more)).isEqualTo(Rule.RECORDED_AS_NEEDED);
    assertThat(broken(asked(2), first, second, third, less)).isEqualTo(Rule.APPROVED_BY_ENOUGH);
  }
}
