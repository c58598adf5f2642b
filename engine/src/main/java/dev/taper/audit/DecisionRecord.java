package dev.taper.audit;

import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.CallDecision.Denied;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.delegation.DelegationHop;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;

/** Makes events of what a verifier decided, or would decide. */
final class DecisionRecord {
  private DecisionRecord() {}

  /** What a decision is recorded as. */
  static AuditKind kind(DecisionEvent event) {
    return event.decision().allowed() ? AuditKind.ALLOW : AuditKind.DENY;
  }

  /**
   * A decision, or what would be decided about a call that a holder asked about, with the arguments
   * that the log's owner chose; none where nobody proved the call.
   */
  static AuditEvent of(
      AuditKind kind,
      DecisionEvent event,
      RecordedArguments arguments,
      Predicate<String> describe) {
    CallDecision decision = event.decision();
    if (!decision.allowed() && !event.isProven()) {
      return brief(kind, event);
    }
    return new AuditEventBuilder(kind, event.time())
        .chain(
            event.chain(), AuditEvent.hex(event.blockDigests()), event.revocationKeys(), describe)
        .call(arguments.of(decision.audience(), decision.call()))
        .basis(basis(event))
        .build();
  }

  /** A denial in short. */
  static AuditEvent brief(AuditKind kind, DecisionEvent event) {
    List<byte[]> digests = event.blockDigests();
    CallDecision decision = event.decision();
    return new AuditEventBuilder(kind, event.time())
        .task(event.chain().task().id())
        .token(HexFormat.of().formatHex(digests.get(digests.size() - 1)))
        .call(new AuditEvent.Call(decision.audience(), decision.call().tool(), null, null, null))
        .basis(basis(event).brief())
        .build();
  }

  private static AuditBasis basis(DecisionEvent event) {
    CallDecision decision = event.decision();
    Duration age = event.revocationAge();
    AuditBasis.Builder basis =
        new AuditBasis.Builder(
                HexFormat.of().formatHex(event.policyDigest()),
                event.chain().kind(),
                event.rootKey())
            .proof(decision.allowed() || event.isProven() ? event.proofKey() : null)
            .revocation(
                event.revocationSequence(),
                age == null ? null : Math.max(0, age.toMillis())) // clocks differ
            .activations(event.approvals(), event.justifications())
            .budgets(event.budgets())
            .catalog(decision.call().catalogDigest())
            .observed(event.isObserved())
            .alone(event.isAlone())
            .decider(decision.decider());
    if (decision instanceof Denied denied) {
      DelegationHop failing = denied.failingHop();
      basis.denied(denied.code(), failing == null ? null : failing.block());
    }
    return basis.build();
  }
}
