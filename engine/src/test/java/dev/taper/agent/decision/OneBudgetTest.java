package dev.taper.agent.decision;

import static dev.taper.testing.Denials.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.decision.Escalated.Approved;
import dev.taper.datalog.RunLimits;
import org.junit.jupiter.api.Test;

/** However often a call is evaluated on the way to a decision, the steps are one budget. */
class OneBudgetTest {
  private final Escalated e = new Escalated();

  @Test
  void decide_countedApproval_everyEvaluationDrawsOnTheBudgetOfTheDecision() {
    Approval.Terms once = Approval.Terms.lasting(Escalated.QUARTER).once();
    Approved lasting = e.approved(e.ifBossApproves(), e.boss, Escalated.call());
    Approved single = e.approved(e.ifBossApproves(), e.boss, Escalated.call(), once);

    // It is evaluated without the approval first: the steps of that are gone.
    assertThat(fewestSteps(single)).isGreaterThan(fewestSteps(lasting) * 3 / 2);
  }

  /** The fewest steps with which the call is allowed. */
  private long fewestSteps(Approved approved) {
    for (long steps = 1; steps < 10_000; steps++) {
      RunLimits limits = RunLimits.defaults().withMaxSteps(steps);
      Verifier verifier = e.story.verifier().limits(limits).build();
      CallDecision decision = e.decide(verifier, approved, e.story.plannerKey, Escalated.call());
      if (decision.allowed()) {
        return steps;
      }
      assertThat(codeOf(decision)).isEqualTo(DenialCode.EVALUATION_FAILED);
    }
    throw new AssertionError("no limit is enough");
  }
}
