package dev.taper.authorizer;

import dev.taper.datalog.Policy;

/**
 * The policy that decided.
 *
 * @param index its position in the policy set, from 0
 * @param policy the policy
 */
public record MatchedPolicy(int index, Policy policy) {
  /** Whether it allows or denies. */
  public Policy.Kind kind() {
    return policy.kind();
  }

  /** The policy as Datalog text. */
  public String text() {
    return policy.toString();
  }
}
