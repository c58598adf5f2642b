package dev.taper.agent.decision;

import static dev.taper.testing.Denials.codeOf;
import static dev.taper.testing.Denials.denied;
import static dev.taper.testing.Denials.lastHolderOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.ToolCall;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.RunLimits;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How much work a decision may take, and how much of it explaining. */
class PendingDecisionTest {
  @Test
  void stepsUsed_refusedCall_areThoseOfDecidingAndExplaining() {
    Story story = new Story();
    byte[] token = story.atResearcher().encode();
    ToolCall refused = Story.search().operation("delete");

    HostileTokens.Cost decided = HostileTokens.decide(story.root.publicKey(), token);
    HostileTokens.Cost explained = HostileTokens.decide(story.root.publicKey(), token, refused);

    assertThat(decided.code()).isEqualTo("allowed");
    assertThat(explained.code()).isEqualTo("out_of_scope");
    assertThat(decided.steps()).isPositive();
    assertThat(explained.steps()).isGreaterThan(decided.steps());
  }

  @Test
  void decide_tooMuchWorkToExplain_decisionStandsAndLastAllowedIsUnknown() {
    Story story = new Story();
    ForgedChain chain = ForgedChain.of(story.atPlanner());
    PrivateKey signer = story.plannerKey;
    for (int i = 0; i < 20; i++) {
      PrivateKey next = PrivateKey.generate(Algorithm.ED25519);
      String holder = "holder(\"agent:h" + i + "\");";
      String f = "f" + i;
      StringBuilder facts = new StringBuilder();
      for (int j = 0; j < 30; j++) {
        facts.append(f).append('(').append(j).append(");");
      }
      String check = "check if " + f + "($a), " + f + "($b), $a + $b > 57;";
      check += i == 19 ? "check if false;" : "";
      chain = chain.then(holder + facts + check, signer, next.publicKey());
      signer = next;
    }
    RunLimits few = RunLimits.defaults().withMaxSteps(80_000).withMaxTime(Duration.ofMinutes(1));

    CallDecision decision = decide(story, chain, signer, few);
    assertThat(codeOf(decision)).isEqualTo(DenialCode.CHECK_FAILED);
    assertThat(denied(decision).lastAllowedKnown()).isFalse();
    assertThat(lastHolderOf(decision)).isNull();
    assertThat(decision.explanation()).contains("would allow it: unknown");
    assertThat(decision.toJson()).contains("\"last_allowed_unknown\":true");

    RunLimits enough = RunLimits.defaults().withMaxTime(Duration.ofMinutes(1));
    CallDecision explained = decide(story, chain, signer, enough);
    assertThat(denied(explained).lastAllowedKnown()).isTrue();
    assertThat(lastHolderOf(explained)).isEqualTo("agent:h18");
  }

  private static CallDecision decide(
      Story story, ForgedChain chain, PrivateKey holder, RunLimits limits) {
    Verifier verifier = story.verifier().limits(limits).build();
    return Attack.present(story, verifier, chain.held(), holder, Story.search());
  }
}
