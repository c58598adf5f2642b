package dev.taper.audit;

import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.decision.VerifierBuilder;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/** Who acts in the tests of this package, and what happens to them. */
final class Trails {
  static final Instant NOON = Instant.parse("2026-11-24T12:00:00.250Z");
  static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);
  static final String JIRA = "svc:jira";

  /** No test depends on the machine's speed. */
  static final Duration PATIENCE = Duration.ofMinutes(1);

  final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey plannerKey = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey researcherKey = PrivateKey.generate(Algorithm.SECP256R1);
  final PrivateKey auditKey = PrivateKey.generate(Algorithm.ED25519);
  final AgentToken atPlanner =
      Issuer.of(root)
          .clock(CLOCK)
          .mint(
              Delegation.by("user:alice@acme.com")
                  .to(Agent.of("agent:planner", plannerKey.publicKey()))
                  .task("T-4711", "triage \"Q3\" tickets — größer")
                  .grant("jira.* read on jira:project/ACME/*")
                  .expiresIn(Duration.ofMinutes(60)));
  final AgentToken atResearcher =
      atPlanner.delegate(
          plannerKey,
          Hop.to(Agent.of("agent:researcher", researcherKey.publicKey()))
              .grant("jira.search on jira:project/ACME/Q3/*")
              .expiresIn(Duration.ofMinutes(10)),
          CLOCK);

  VerifierBuilder verifier() {
    return Verifier.trusting(RootKeys.of(root.publicKey()))
        .callerStatesMeaning()
        .audience(JIRA)
        .clock(CLOCK)
        .deadline(PATIENCE)
        .withoutRevocation();
  }

  /** Has the researcher make a call. */
  boolean call(Verifier verifier, ToolCall call) {
    return verifier
        .decide(
            Credentials.of(
                atResearcher.encodeBase64(),
                atResearcher.prove(researcherKey, call, JIRA, CLOCK).encodeBase64()),
            call)
        .allowed();
  }

  static ToolCall search() {
    return ToolCall.of("jira.search")
        .operation("read")
        .on("jira:project/ACME/Q3/12")
        .arg("query", "secret words");
  }

  /** An event of no interest but for its task. */
  static AuditEvent event(String task) {
    return AuditEvent.of(AuditKind.TASK_END, NOON).task(task);
  }

  AuditLog.Builder log(AuditSink sink) {
    return AuditLog.on(sink, auditKey).clock(CLOCK).patience(PATIENCE);
  }
}
