package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.delegation.DelegationHop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReasonTest {
  private final Story story = new Story();

  private List<Reason> longOnes(int count) {
    List<Reason> reasons = new ArrayList<>();
    DelegationHop hop = story.atResearcher().chain().hops().get(0);
    for (int i = 0; i < count; i++) {
      List<String> details = Collections.nCopies(Reason.MAX_DETAILS, "d".repeat(Reason.MAX_WORDS));
      reasons.add(Reason.of(hop, "c".repeat(9999), "w".repeat(9999), details));
    }
    return reasons;
  }

  /** Each reason is bounded; of very many the sum has to be, too. */
  @Test
  void denied_manyLongReasons_allItsTextsAreBounded() {
    List<Reason> all = longOnes(64);
    CallDecision.Denied denied =
        CallDecision.Denied.of(
                DenialCode.OUT_OF_SCOPE, "svc:jira", Story.search(), story.atResearcher().chain())
            .because("no")
            .reasons(all, all)
            .build();

    assertThat(denied.reasons()).hasSize(64).allSatisfy(r -> assertThat(r.details()).isNotEmpty());
    assertThat(denied.reasons().get(0)).isEqualTo(all.get(0));
    assertThat(denied.reasons().get(63).details()).containsExactly("…");
    assertThat(denied.toJson().length()).isLessThan(2 * CallDecision.Denied.MAX_REASONS);
    assertThat(denied.explanation().length()).isLessThan(2 * CallDecision.Denied.MAX_REASONS);
    assertThat(denied.operatorExplanation().length())
        .isLessThan(2 * CallDecision.Denied.MAX_REASONS);
  }

  /** It can quote what an approver wrote: 64 services of 1,024 bytes each, for example. */
  @Test
  void denied_longSentence_isBounded() {
    CallDecision.Denied denied =
        CallDecision.Denied.of(
                DenialCode.APPROVAL_MISMATCH,
                "svc:jira",
                Story.search(),
                story.atResearcher().chain())
            .because("r".repeat(100_000), "o".repeat(100_000))
            .build();

    assertThat(denied.reason()).hasSize(CallDecision.Denied.MAX_REASON);
    assertThat(denied.operatorReason()).hasSize(CallDecision.Denied.MAX_REASON);
  }

  @Test
  void within_enoughRoom_changesNothing() {
    List<Reason> all = longOnes(2);

    assertThat(Reason.within(1 << 20, all)).isEqualTo(all);
  }

  /** First the check goes, then the details from the end. */
  @Test
  void within_lessRoom_keepsTheDetailsThatFit() {
    DelegationHop hop = story.atPlanner().chain().hops().get(0);
    Reason all = Reason.of(hop, "check", "wanted", List.of("one", "other"));
    assertThat(all.length()).isEqualTo(19);

    assertThat(Reason.within(19, List.of(all))).containsExactly(all);
    for (int room : new int[] {18, 8}) {
      assertThat(Reason.within(room, List.of(all)))
          .containsExactly(Reason.of(hop, "", "", List.of("one", "other")));
    }
    assertThat(Reason.within(7, List.of(all)))
        .containsExactly(Reason.of(hop, "", "", List.of("one", "…")));
    assertThat(Reason.within(2, List.of(all))).containsExactly(Reason.leftOut(hop));
  }

  @Test
  void toString_inALog_saysWhereTheCheckStands() {
    DelegationHop hop = story.atPlanner().chain().hops().get(0);

    assertThat(Reason.of(hop, "check", "wanted", List.of("secret"))).hasToString("Reason(hop 0)");
    assertThat(Reason.OF_SERVICE).hasToString("Reason(the service)");
    assertThat(new Reason(null, "check", "wanted", List.of("secret"), "team"))
        .hasToString("Reason(the service's part team)");
  }
}
