package dev.taper.agent.delegation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.decision.Story;
import dev.taper.agent.delegation.Delegation.Warning;
import dev.taper.agent.delegation.Delegation.Warning.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of a hop that is odd. */
class WarningsTest {
  private final Story story = new Story();

  @Test
  void warnings_grantOfWhatWasNotGranted_saysWhatThereIs() {
    List<Warning> warnings =
        story.atPlanner().warnings(Hop.to(story.researcher).grant("crm.read"), story.clock);

    assertThat(warnings)
        .singleElement()
        .satisfies(
            warning ->
                assertThat(warning.text())
                    .startsWith("nothing of \"crm.read\" was granted; there is: jira.*"));
  }

  @Test
  void warnings_hopForAnotherService_saysThatNothingCanSatisfyIt() {
    AgentToken token = story.issuer.mint(story.delegation().audience(Story.JIRA));

    assertThat(token.warnings(Hop.to(story.researcher).audience(Story.JIRA), story.clock))
        .isEmpty();
    assertThat(token.warnings(Hop.to(story.researcher).audience("svc:wiki"), story.clock))
        .containsExactly(
            new Warning(Kind.CONTRADICTION, "no request can ever satisfy the whole chain"));
  }

  @Test
  void warnings_asDeepAsTheChainAllows_isNotTooDeep() {
    AgentToken token = story.issuer.mint(story.delegation().maxDepth(1));
    Hop hop = Hop.to(story.researcher);
    AgentToken next = token.delegate(story.plannerKey, hop, story.clock);

    assertThat(token.warnings(hop, story.clock)).isEmpty();
    assertThat(next.warnings(Hop.to(story.scraper), story.clock))
        .containsExactly(new Warning(Kind.TOO_DEEP, "this is hand-over 2, the chain allows 1"));
  }

  @Test
  void warnings_ofADelegationThatHasEnded_saySo() {
    Delegation ended =
        Delegation.by("user:alice@acme.com")
            .to(story.planner)
            .task("T-1")
            .grant("jira.*")
            .expiresAt(Story.NOON.minusSeconds(1));

    assertThat(story.issuer.warnings(story.delegation())).isEmpty();
    assertThat(story.issuer.warnings(ended))
        .extracting(Warning::kind)
        .containsExactly(Kind.EXPIRED);
    assertThat(story.issuer.mint(ended).warnings()).isEqualTo(story.issuer.warnings(ended));
  }
}
