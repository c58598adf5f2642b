package dev.taper.examples.delegation;

import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import java.io.PrintStream;
import java.time.Duration;

/**
 * A person lets a planner work, the planner hands on to a researcher, the researcher narrows the
 * token once more for itself, and a service verifies two of the researcher's calls.
 */
public final class Main {
  private static final String JIRA = "svc:jira";

  private Main() {}

  /** Runs the example. */
  public static void main(String[] arguments) {
    run(System.out);
  }

  static void run(PrintStream out) {
    PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
    PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
    PrivateKey researcher = PrivateKey.generate(Algorithm.ED25519);

    AgentToken planners =
        Issuer.of(root)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", planner.publicKey()))
                    .task("T-4711", "triage Q3 tickets")
                    .grant("jira.* read on jira:project/ACME/*")
                    .expiresIn(Duration.ofHours(1)));
    AgentToken researchers =
        planners.delegate(
            planner,
            Hop.to(Agent.of("agent:researcher", researcher.publicKey()))
                .grant("jira.search on jira:project/ACME/Q3/*")
                .expiresIn(Duration.ofMinutes(10)));
    AgentToken narrowed =
        researchers.delegate(
            researcher, Hop.toSelf().grant("jira.search where limit <= 50 and only limit"));

    Verifier verifier =
        Verifier.trusting(RootKeys.of(root.publicKey()))
            .callerStatesMeaning()
            .audience(JIRA)
            .withoutRevocation()
            .build();
    for (int limit : new int[] {50, 500}) {
      ToolCall call =
          ToolCall.of("jira.search")
              .operation("read")
              .on("jira:project/ACME/Q3/12")
              .arg("limit", limit);
      Proof proof = narrowed.prove(researcher, call, JIRA);
      CallDecision decision =
          verifier.decide(Credentials.of(narrowed.encodeBase64(), proof.encodeBase64()), call);
      out.println("limit " + limit + ": " + (decision.allowed() ? "allowed" : "denied"));
      if (!decision.allowed()) {
        out.println(decision.explanation());
      }
    }
  }
}
