package dev.taper.agent.delegation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.decision.Attack;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.Story;
import dev.taper.agent.decision.Verifier;
import dev.taper.crypto.JcaSigner;
import dev.taper.testing.Refused;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is probably not meant by a hop: told afterwards, or refused. */
class StrictHopTest {
  private final Story story = new Story();
  private final AgentToken token = story.atPlanner();
  private final Hop wider = Hop.to(story.researcher).grant("jira.search on jira:project/*");

  @Test
  void warnings_widerHop_comeWithTheNewToken() {
    AgentToken made = token.delegate(story.plannerKey, wider, story.clock);

    assertThat(made.warnings())
        .extracting(Delegation.Warning::kind)
        .containsExactly(Delegation.Warning.Kind.WIDER);
    assertThat(made.warnings()).isEqualTo(token.warnings(wider, story.clock));
    assertThat(AgentToken.decode(made.encode()).warnings()).as("read, not made").isEmpty();
  }

  /** Whoever holds a key in a device hands on and proves as anybody else. */
  @Test
  void delegate_byADevice_isAllowed() throws GeneralSecurityException {
    JcaSigner device = JcaSigner.of(KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    AgentToken held =
        token.delegate(
            story.plannerKey, Hop.to(Agent.of("agent:device", device.publicKey())), story.clock);
    Verifier verifier = story.verifier().build();

    CallDecision decision =
        verifier.decide(
            held.token(),
            Story.search(),
            held.prove(device, Story.search(), Story.JIRA, story.clock),
            SentApprovals.NONE);

    Attack.assertAllowed(decision);
    assertThat(held.delegate(device, story.toResearcher(), story.clock).chain().holder())
        .isEqualTo(story.researcher);
  }

  @Test
  void warnings_later_areOfTheTimeOfTheHop() {
    Hop soon = story.toResearcher();
    AgentToken made = token.delegate(story.plannerKey, soon, story.clock);

    story.clock.forward(Duration.ofHours(2));

    assertThat(made.warnings()).as("it had not ended then").isEmpty();
  }

  @Test
  void warnings_minted_comeWithTheToken() {
    AgentToken made =
        story.issuer.mint(story.delegation().expiresAt(story.clock.instant().minusSeconds(5)));

    assertThat(made.warnings())
        .extracting(Delegation.Warning::kind)
        .containsExactly(Delegation.Warning.Kind.EXPIRED);
    assertThat(token.warnings()).isEmpty();
  }

  @Test
  void delegate_strictAndWider_isRefusedBeforeSigning() {
    Refused.with(
        ErrorCode.DELEGATION_WARNING,
        "the hop is strict, and probably not what is meant: wider: ",
        () -> token.delegate(story.plannerKey, wider.strict(), story.clock));
  }

  @Test
  void delegate_strictAndNarrower_isSigned() {
    AgentToken made = token.delegate(story.plannerKey, story.toResearcher().strict(), story.clock);

    assertThat(made.warnings()).isEmpty();
    assertThat(made.chain().holder()).isEqualTo(story.researcher);
  }

  /** Whatever is said before or after, a strict hop stays one. */
  @Test
  void strict_thenMoreTerms_stays() {
    Hop first = Hop.to(story.researcher).strict().grant("jira.search on jira:project/*");

    Refused.with(
        ErrorCode.DELEGATION_WARNING, () -> token.delegate(story.plannerKey, first, story.clock));
    Hop rotation = Hop.rotateTo(story.scraper.key()).strict().grant("github.*");
    Refused.with(
        ErrorCode.DELEGATION_WARNING,
        () -> token.delegate(story.plannerKey, rotation, story.clock));
  }

  @Test
  void narrowBearer_strictAndWider_isRefused() {
    AgentToken bearer = token.delegate(story.plannerKey, Hop.toBearer(), story.clock);

    Refused.with(
        ErrorCode.DELEGATION_WARNING,
        () -> bearer.narrowBearer(Hop.toBearer().grant("github.*").strict(), story.clock));
  }
}
