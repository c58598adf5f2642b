package dev.taper.agent.client;

import static dev.taper.agent.decision.Attack.assertAllowed;
import static dev.taper.agent.decision.Attack.assertDenied;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.decision.Escalated;
import dev.taper.agent.decision.Story;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Hop;
import dev.taper.testing.Refused;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An agent's side: what travels beside a call, and what it can hand on. */
class AgentClientTest {
  private final Escalated e = new Escalated();
  private final Story story = e.story;

  private AgentClient planner() {
    return AgentClient.of(story.atPlanner(), story.plannerKey, Story.JIRA).clock(story.clock);
  }

  @Test
  void prove_eachCall_isGoodOnce() {
    Verifier verifier = story.verifier().build();
    AgentClient client = planner();
    Credentials first = client.prove(Story.search().sent());
    Credentials second = client.prove(Story.search().sent());

    assertAllowed(verifier.decide(first, Story.search()));
    assertDenied(verifier.decide(first, Story.search()), DenialCode.PROOF_REPLAYED);
    assertAllowed(verifier.decide(second, Story.search()));
    assertThat(first.approvals()).isEmpty();
    assertThat(first.toString()).isEqualTo("Credentials(proof, 0)");
    assertThat(client).hasToString("AgentClient(" + client.token().chain() + ", at svc:jira)");
  }

  @Test
  void prove_withApprovals_coversThem() {
    Escalated.Approved once =
        e.approved(
            e.ifBossApproves(),
            e.boss,
            Escalated.call(),
            Approval.Terms.lasting(Escalated.QUARTER).once());
    AgentClient client =
        AgentClient.of(once.token(), story.plannerKey, Story.JIRA).clock(story.clock);
    Credentials with = client.prove(Escalated.call().sent(), once.sent());

    assertThat(with.approvals()).hasSize(1);
    assertAllowed(story.verifier().build().decide(with, Escalated.call()));
  }

  @Test
  void at_anotherService_provesForThatOne() {
    Credentials there = planner().at("svc:wiki").prove(Story.search().sent());

    assertDenied(
        story.verifier().build().decide(there, Story.search()), DenialCode.REQUEST_MISMATCH);
    assertThat(planner().audience()).isEqualTo("svc:jira");
    assertThat(planner().at("svc:wiki").audience()).isEqualTo("svc:wiki");
    Refused.with(ErrorCode.INVALID_REQUEST, () -> planner().at(""));
  }

  @Test
  void proveOffer_isGoodForNoCall() {
    Credentials asking = planner().proveOffer();

    assertDenied(
        story.verifier().build().decide(asking, Story.search()), DenialCode.REQUEST_MISMATCH);
  }

  @Test
  void delegate_subAgent_holdsLess() {
    AgentToken handed = planner().delegate(story.toResearcher());

    assertAllowed(
        story.decide(story.verifier().build(), handed, story.researcherKey, Story.search()));
    assertThat(handed.chain().holder()).hasToString("agent:researcher");
  }

  @Test
  void of_anothersKeyOrNoHolder_isRefused() {
    AgentToken bearer =
        story
            .atPlanner()
            .delegate(
                story.plannerKey, Hop.toBearer().expiresIn(Duration.ofMinutes(1)), story.clock);

    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        () -> AgentClient.of(story.atPlanner(), story.researcherKey, Story.JIRA));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT, () -> AgentClient.of(bearer, story.plannerKey, Story.JIRA));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT, () -> AgentClient.withoutProof(story.atPlanner(), Story.JIRA));
  }

  @Test
  void withoutProof_bearer_sendsTheTokenAlone() {
    AgentToken bearer =
        story
            .atPlanner()
            .delegate(
                story.plannerKey, Hop.toBearer().expiresIn(Duration.ofMinutes(1)), story.clock);
    AgentClient client = AgentClient.withoutProof(bearer, Story.JIRA);
    Credentials sent = client.prove(Story.search().sent());

    assertThat(sent.proof()).isNull();
    assertThat(client.proveOffer().proof()).isNull();
    assertAllowed(
        story
            .verifier()
            .acceptBearer()
            .build()
            .decide(Credentials.of(sent.token(), null), Story.search()));
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> client.delegate(story.toResearcher()));
  }
}
