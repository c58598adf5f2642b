package dev.taper.agent.decision;

import dev.taper.crypto.PublicKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of the steps to one decision, for those who are told of it.
 *
 * @param revocation what was found out of what is revoked
 * @param proofKey the key whose proof was good; null if none was asked for, or none was good
 * @param evaluated what was decided
 */
record Judged(RevocationStep.Found revocation, @Nullable PublicKey proofKey, Evaluated evaluated) {
  /**
   * A decision, what it rests on and what it took.
   *
   * @param approvals the names of the approvals that counted
   * @param justifications the reasons of the justifications that counted
   * @param budgets the counters that were charged
   * @param isAlone whether the shared replay memory was not asked, as it does not answer
   */
  record Evaluated(
      CallDecision decision,
      List<String> approvals,
      List<String> justifications,
      List<String> budgets,
      boolean isAlone) {
    /** A refusal that rests on nothing of these. */
    static Evaluated of(CallDecision refusal) {
      return new Evaluated(refusal, List.of(), List.of(), List.of(), false);
    }
  }
}
