package dev.taper.store.registry;

import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.DecisionListener;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.decision.VerifierBuilder;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.grant.Grant;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Who the tests of this package are about: Alice and Bob, a planner, a researcher, a scraper. */
final class Story {
  static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  static final String ALICE = "user:alice@acme.com";
  static final String BOB = "user:bob@acme.com";

  private static final String JIRA = "svc:jira";

  final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey plannerKey = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey researcherKey = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey scraperKey = PrivateKey.generate(Algorithm.SECP256R1);
  final Agent planner = Agent.of("agent:planner", plannerKey.publicKey());
  final Agent researcher = Agent.of("agent:researcher", researcherKey.publicKey());
  final Agent scraper = Agent.of("agent:scraper", scraperKey.publicKey());
  final SettableClock clock = new SettableClock(NOON);

  /** The planner's token: an hour of searching, reading and commenting. */
  AgentToken atPlanner(String delegator, String task) {
    return Issuer.of(root)
        .clock(clock)
        .mint(
            Delegation.by(delegator)
                .to(planner)
                .task(task, "triage tickets")
                .grant("jira.search, jira.read, jira.comment")
                .expiresIn(Duration.ofMinutes(60)));
  }

  AgentToken atPlanner() {
    return atPlanner(ALICE, "T-1");
  }

  /** The researcher's token: ten minutes of searching and reading. */
  AgentToken atResearcher(AgentToken token) {
    return token.delegate(
        plannerKey,
        Hop.to(researcher).grant("jira.search, jira.read").expiresIn(Duration.ofMinutes(10)),
        clock);
  }

  AgentToken atScraper(AgentToken token) {
    return token.delegate(researcherKey, Hop.to(scraper).grant("jira.search"), clock);
  }

  /** The planner's token for as many tools as a row names, and for a whole prefix. */
  AgentToken atPlannerOfMany(String delegator) {
    List<String> tools = new ArrayList<>(List.of("jira.*"));
    for (int i = 1; i < ChainRecord.MAX_TOOLS; i++) {
      tools.add("crm.tool" + i);
    }
    return Issuer.of(root)
        .clock(clock)
        .mint(
            Delegation.by(delegator)
                .to(planner)
                .task("T-1")
                .grant(Grant.tools(tools.toArray(new String[0])))
                .expiresIn(Duration.ofMinutes(60)));
  }

  /** A call by the token's holder, of which the listener is told. */
  CallDecision call(DecisionListener listener, AgentToken token, PrivateKey holder, String tool) {
    return call(List.of(listener), token, holder, tool);
  }

  CallDecision call(
      List<DecisionListener> listeners, AgentToken token, PrivateKey holder, String tool) {
    VerifierBuilder verifier =
        Verifier.trusting(RootKeys.of(root.publicKey()))
            .callerStatesMeaning()
            .audience(JIRA)
            .clock(clock)
            .withoutRevocation()
            .deadline(Duration.ofMinutes(1)); // these tests do not depend on the machine's speed
    listeners.forEach(verifier::listener);
    ToolCall call = ToolCall.of(tool);
    return verifier
        .build()
        .decide(token.token(), call, token.prove(holder, call, JIRA, clock), SentApprovals.NONE);
  }
}
