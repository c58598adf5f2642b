package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.grant.Activation;
import dev.taper.agent.grant.Grant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people read of a refusal: its reasons, and whom to ask. */
class DecisionTextTest {
  private static final String LAST = "\n  The last token in the chain that would allow it: ";

  private final Story story = new Story();
  private final DelegationChain chain = story.atResearcher().chain();
  private final DelegationHop hop = chain.hops().get(0);
  private final List<Activation> approval =
      Grant.anyTool().ifApproved(story.scraper.key()).activations();
  private final String approved = "approved by " + story.scraper.key();

  private CallDecision.Denied.Builder denial() {
    return CallDecision.Denied.of(
            DenialCode.OUT_OF_SCOPE, Story.JIRA, ToolCall.of("jira.delete"), chain)
        .because("not this");
  }

  private CallDecision.Denied.Builder denial(int reasons) {
    List<Reason> all = new ArrayList<>();
    for (int i = 0; i < reasons; i++) {
      all.add(Reason.of(hop, "", "", List.of("detail " + i + ".")));
    }
    return denial().reasons(all, all);
  }

  private static Suggestion suggestion(MissingActivation missing) {
    return new Suggestion("agent:lead", Grant.tools("jira.delete"), List.of(), missing);
  }

  @Test
  void explanation_withoutReasons_saysWhoAskedAndTheSentence() {
    assertThat(denial().build().explanation())
        .isEqualTo(
            "DENIED  out_of_scope  svc:jira refused jira.delete\n  hop 1  agent:researcher"
                + "  granted by agent:planner: "
                + chain.hops().get(1).words()
                + "\n         ✗ not this");
  }

  @Test
  void explanation_moreReasonsThanAreShown_saysHowManyMore() {
    assertThat(denial(33).build().explanation())
        .contains("✗ detail 31.")
        .doesNotContain("detail 32.")
        .contains("\n  and 1 checks more\n");
    assertThat(denial(32).build().explanation()).contains("✗ detail 31.").doesNotContain("more");
  }

  @Test
  void explanation_lastThatWouldAllowIt_isNamedIfThereIsOne() {
    MissingActivation missing = new MissingActivation(null, null, approval, List.of());
    Suggestion plain = new Suggestion("agent:lead", Grant.tools("jira.delete"), List.of(), null);

    assertThat(denial(1).build().explanation()).endsWith(LAST + "none");
    assertThat(denial(1).suggestion(plain).build().explanation())
        .contains(LAST + "none\n  To allow it: ask agent:lead for \"jira.delete\"");
    assertThat(denial(1).suggestion(suggestion(missing)).build().explanation())
        .contains(LAST + "agent:lead's, if " + approved + "\n  agent:lead may, if " + approved);
    assertThat(
            denial(1).suggestion(suggestion(missing)).lastAllowed(hop, true).build().explanation())
        .contains(LAST + "agent:planner's\n  agent:lead may, if " + approved);
  }

  @Test
  void explanation_approverWhomOnlyTheServiceKnows_isToAskForUnlessPublished() {
    MissingActivation ofBoth =
        new MissingActivation(
            null, null, approval, Grant.anyTool().ifJustified(Escalated.QUARTER).activations());
    CallDecision.Denied.Builder denial = denial(1).suggestion(suggestion(ofBoth));

    assertThat(denial.build().explanation())
        .contains("may, if " + approved + " and approved by whom svc:jira asks for\n");
    assertThat(denial.build().operatorExplanation())
        .contains("may, if " + approved + " and justified within 15m\n");
    assertThat(denial.approversPublished(true).build().explanation())
        .contains("may, if " + approved + " and justified within 15m\n")
        .doesNotContain("asks for");
  }

  @Test
  void missingActivation_inALog_saysHowManyAndNoKey() {
    List<Activation> justified = Grant.anyTool().ifJustified(Escalated.QUARTER).activations();
    MissingActivation ofHop = new MissingActivation(hop, null, approval, justified);
    MissingActivation ofService = new MissingActivation(null, null, List.of(), justified);

    assertThat(ofHop).hasToString("MissingActivation(hop 0, 2 missing)");
    assertThat(ofService).hasToString("MissingActivation(1 missing)");
    assertThat(suggestion(ofHop))
        .hasToString("Suggestion(agent:lead, MissingActivation(hop 0, 2 missing))");
    assertThat(ofHop.isApprovalMissing()).isTrue();
    assertThat(ofService.isApprovalMissing()).isFalse();
  }
}
