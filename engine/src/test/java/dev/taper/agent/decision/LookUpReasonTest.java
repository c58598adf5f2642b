package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A look-up of revocations that fails is named by the code that calls are refused with. */
class LookUpReasonTest {
  private static final int CALLS = 6; // more than it takes until it is not asked any more

  @Test
  void lookUpFails_theReasonHasTheCodeOfTheCalls() {
    PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
    PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
    Verifier verifier =
        Verifier.trusting(RootKeys.of(root.publicKey()))
            .callerStatesMeaning()
            .audience("svc:jira")
            .revocations(
                (fingerprints, now) -> {
                  throw new TaperException(ErrorCode.DATABASE_UNAVAILABLE, "it is away");
                })
            .build();
    AgentToken token =
        Issuer.of(root)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", planner.publicKey()))
                    .task("T-1")
                    .grant("jira.*")
                    .expiresIn(Duration.ofMinutes(10)));
    String code = "";
    for (int i = 0; i < CALLS; i++) {
      ToolCall call = ToolCall.of("jira.search").operation("read");
      CallDecision decision = verifier.decide(Credentials.of(token.encodeBase64(), null), call);
      code = ((CallDecision.Denied) decision).code().text();
    }

    assertThat(code).isEqualTo("revocation_unavailable");
    assertThat(verifier.health().reasons())
        .extracting(VerifierHealth.Reason::code)
        .containsExactly("revocation_unavailable");
  }
}
