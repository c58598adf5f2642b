package dev.taper.agent;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.Digests;
import dev.taper.token.VerifiedChain;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Tells the listeners of a verifier what it decided, before the caller is told. */
final class Listeners {
  /** A listener and what its failure means. */
  record Entry(DecisionListener listener, AuditFailure onFailure) {}

  private record Told(DecisionListener listener, AuditFailure onFailure, Backing backing) {}

  private final List<Told> entries;
  private final Behind behind;
  private final Clock clock;
  private final byte[] policyDigest;
  private final LongAdder unrecorded;

  Listeners(List<Entry> entries, Clock clock, PolicySet policies, Behind behind) {
    List<Told> told = new ArrayList<>();
    for (Entry entry : entries) {
      String name = "listener " + (told.size() + 1) + ", " + entry.listener().getClass().getName();
      Backing backing = behind.add(name, ErrorCode.AUDIT_UNAVAILABLE);
      told.add(new Told(entry.listener(), entry.onFailure(), backing));
    }
    this.entries = List.copyOf(told);
    this.behind = behind;
    this.clock = clock;
    this.unrecorded = new LongAdder();
    this.policyDigest = digest(policies);
  }

  private Listeners(Listeners same, PolicySet policies) {
    this.entries = same.entries;
    this.behind = same.behind;
    this.clock = same.clock;
    this.unrecorded = same.unrecorded;
    this.policyDigest = digest(policies);
  }

  /** The same listeners, for decisions by other policies. */
  Listeners with(PolicySet policies) {
    return new Listeners(this, policies);
  }

  private byte[] digest(PolicySet policies) {
    return entries.isEmpty()
        ? new byte[0]
        : Digests.sha256(policies.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Tells all listeners.
   *
   * @return the decision that stands: the given one, or a denial because it could not be recorded
   */
  CallDecision tell(CallDecision decision, VerifiedChain token, DecisionBasis basis) {
    if (entries.isEmpty()) {
      return decision;
    }
    DecisionEvent event = eventOrNull(decision, token, basis);
    Deadline deadline = behind.forRecords();
    for (int i = 0; i < entries.size(); i++) {
      Told entry = entries.get(i);
      if (event == null || !noted(entry, event, deadline)) {
        unrecorded.increment();
        if (decision.allowed() && entry.onFailure() == AuditFailure.DENY) {
          return refuse(decision, token, basis, i);
        }
      }
    }
    return decision;
  }

  /**
   * Denies the call instead. All who may have noted it as allowed hear of the denial, also the one
   * that failed, which may only have been late.
   */
  private CallDecision refuse(
      CallDecision decision, VerifiedChain token, DecisionBasis basis, int failed) {
    CallDecision denied =
        CallDecision.Denied.of(
                DenialCode.AUDIT_UNAVAILABLE,
                decision.audience(),
                decision.call(),
                decision.chain())
            .because("the decision could not be recorded")
            .build();
    DecisionEvent event = eventOrNull(denied, token, basis);
    Deadline deadline = behind.forRecords();
    for (int i = 0; i <= failed; i++) {
      boolean isNoted = event != null && noted(entries.get(i), event, deadline);
      if (!isNoted && i < failed) { // the last one was counted already
        unrecorded.increment();
      }
    }
    return denied;
  }

  private static boolean noted(Told entry, DecisionEvent event, Deadline deadline) {
    try {
      return entry
          .backing()
          .ask(
              deadline,
              () -> {
                entry.listener().decided(event);
                return true;
              });
    } catch (RuntimeException e) {
      return false; // whatever went wrong, and was logged: there is no record
    }
  }

  /** The event; null if it cannot be made, as if nobody had taken note. */
  private @Nullable DecisionEvent eventOrNull(
      CallDecision decision, VerifiedChain token, DecisionBasis basis) {
    try {
      return new DecisionEvent(clock.instant(), decision, token, policyDigest, basis);
    } catch (RuntimeException e) {
      return null;
    }
  }

  /** How many times a listener failed to take note. */
  long unrecorded() {
    return unrecorded.sum();
  }
}
