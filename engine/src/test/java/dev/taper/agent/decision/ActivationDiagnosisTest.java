package dev.taper.agent.decision;

import static dev.taper.agent.decision.Escalated.QUARTER;
import static dev.taper.agent.decision.Escalated.call;
import static dev.taper.agent.decision.Escalated.delete;
import static dev.taper.testing.Denials.denied;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.decision.CallDecision.Denied;
import dev.taper.agent.decision.Escalated.Approved;
import dev.taper.agent.delegation.AgentToken;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What comes nearest to the approval or justification that a call lacks. */
class ActivationDiagnosisTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final Escalated e = new Escalated();
  private final Story story = e.story;

  private Denied decide(AgentToken token) {
    return denied(e.decide(token));
  }

  // Who says that a justification is too long

  @Test
  void justification_longerThanTheGrantAllows_namesTheGrant() {
    Denied denied = decide(e.justified(e.ifJustified(), "jira.delete", QUARTER.plusSeconds(1)));

    assertThat(denied.code()).isEqualTo(DenialCode.JUSTIFICATION_TOO_LONG);
    assertThat(denied.reason())
        .isEqualTo("the justification is for 901 s, more than the grant allows");
  }

  @Test
  void justification_longerThanTheVerifierTakes_namesTheVerifier() {
    String reason = "the justification is for 3601 s, more than the verifier allows";
    for (AgentToken token :
        List.of(e.granted(delete().ifJustified()), e.granted(delete().ifJustified(HOUR)))) {
      Denied denied = decide(e.justified(token, "jira.delete", HOUR.plusSeconds(1)));

      assertThat(denied.code()).isEqualTo(DenialCode.JUSTIFICATION_TOO_LONG);
      assertThat(denied.reason()).isEqualTo(reason);
    }
    Verifier strict = story.verifier().longestJustification(Duration.ofMinutes(5)).build();
    AgentToken token = e.justified(e.ifJustified(), "jira.delete", QUARTER);
    assertThat(denied(story.decide(strict, token, story.plannerKey, call())).reason())
        .isEqualTo("the justification is for 900 s, more than the verifier allows");
  }

  // Which of several justifications is told of

  /** One after the other, from the farthest to the nearest. */
  @Test
  void justifications_several_tellsOfTheNearest() {
    AgentToken ended = e.justified(e.ifJustified(), "jira.delete", Duration.ofMinutes(1));
    story.clock.forward(Duration.ofMinutes(2));
    AgentToken elsewhere = e.justified(e.ifJustified(), "jira.close", QUARTER);
    AgentToken tooLong = e.justified(elsewhere, "jira.delete", HOUR);
    story.clock.forward(HOUR);
    AgentToken early = e.justified(tooLong, "jira.delete", QUARTER);
    AgentToken endedAndEarly = e.justified(ended, "jira.delete", QUARTER);
    story.clock.set(Story.NOON);
    AgentToken all = e.justified(early, "jira.delete", Duration.ofMinutes(1));
    story.clock.forward(Duration.ofMinutes(2));

    assertThat(decide(elsewhere).code()).isEqualTo(DenialCode.JUSTIFICATION_MISMATCH);
    assertThat(decide(tooLong).code()).isEqualTo(DenialCode.JUSTIFICATION_TOO_LONG);
    assertThat(decide(early).code()).isEqualTo(DenialCode.JUSTIFICATION_NOT_YET_VALID);
    assertThat(decide(all).code()).isEqualTo(DenialCode.JUSTIFICATION_EXPIRED);
    assertThat(decide(endedAndEarly).code()).isEqualTo(DenialCode.JUSTIFICATION_EXPIRED);
  }

  @Test
  void justifications_equallyNear_tellsOfTheFirst() {
    AgentToken token = e.justified(e.ifJustified(), "jira.close", QUARTER);

    Denied denied = decide(e.justified(token, "jira.open", QUARTER));

    assertThat(denied.code()).isEqualTo(DenialCode.JUSTIFICATION_MISMATCH);
    assertThat(denied.reason()).isEqualTo("the justification is for jira.close");
  }

  // Which of several approvals is told of

  @Test
  void approvals_equallyNear_tellsOfTheEarliestHoweverTheyAreSent() {
    AgentToken token = e.ifTwoApprove();
    Approval first = e.approval(token, e.lawyer);
    story.clock.forward(Duration.ofSeconds(1));
    Approval second = e.approval(token, e.boss);
    story.clock.forward(QUARTER);

    for (Approved sent :
        List.of(Escalated.with(token, first, second), Escalated.with(token, second, first))) {
      Denied denied = denied(e.decide(sent));

      assertThat(denied.code()).isEqualTo(DenialCode.APPROVAL_EXPIRED);
      assertThat(denied.reason())
          .isEqualTo("the approval by " + e.lawyer.publicKey() + " ended at 2026-11-24T12:15:00Z");
      assertThat(denied.operatorReason()).isEqualTo(denied.reason());
    }
  }
}
