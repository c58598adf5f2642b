package dev.taper.agent;

import dev.taper.agent.call.Proof;
import dev.taper.crypto.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a verifier learns on the way to one decision, for those who are told of it. Each
 * step of the pipeline notes its part. For one thread.
 */
final class DecisionBasis {
  private @Nullable Long revocationSequence;
  private @Nullable Duration revocationAge;
  private @Nullable Proof proof;
  private @Nullable Long since;
  private @Nullable PublicKey proofKey;
  private final List<String> approvals = new ArrayList<>();
  private final List<String> justifications = new ArrayList<>();
  private List<String> budgets = List.of();
  private boolean observed;
  private boolean alone;
  private boolean askedAfterNo;

  /** Notes the revocation list that was asked, and how old it was. */
  void revocation(long sequence, Duration age) {
    revocationSequence = sequence;
    revocationAge = age;
  }

  /** Notes when the call came, and its proof, good or not. */
  void came(Presented presented) {
    proof = presented.proof();
    since = presented.since();
  }

  @Nullable Long since() {
    return since;
  }

  @Nullable Proof proof() {
    return proof;
  }

  /** Notes that the holder's proof was good. */
  void proof(PublicKey key) {
    proofKey = key;
  }

  /** Notes an approval that counted, by its name. */
  void approval(String name) {
    approvals.add(name);
  }

  List<String> budgets() {
    return budgets;
  }

  /** Notes that the decision is recorded and not followed. */
  void observed() {
    observed = true;
  }

  boolean isObserved() {
    return observed;
  }

  /** Notes what the call took. */
  void took(Claims claims) {
    budgets = List.copyOf(claims.counters());
    alone = claims.isAlone();
  }

  boolean isAlone() {
    return alone;
  }

  /** Notes whether a holder asks for what somebody refused it. */
  DecisionBasis askedAfterNo(boolean was) {
    askedAfterNo = was;
    return this;
  }

  boolean isAskedAfterNo() {
    return askedAfterNo;
  }

  /** Notes a justification that counted, by its reason. */
  void justification(String reason) {
    justifications.add(reason);
  }

  @Nullable Long revocationSequence() {
    return revocationSequence;
  }

  @Nullable Duration revocationAge() {
    return revocationAge;
  }

  @Nullable PublicKey proofKey() {
    return proofKey;
  }

  List<String> approvals() {
    return approvals;
  }

  List<String> justifications() {
    return justifications;
  }
}
