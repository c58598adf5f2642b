package dev.taper.authorizer;

import dev.taper.datalog.Policy;
import org.jspecify.annotations.Nullable;

/**
 * The policy that decided.
 *
 * @param index its position in the policy set, from 0; in the part, if there are parts
 * @param policy the policy
 * @param part the {@linkplain PolicyPart part} of the policy set it stands in; null if the set has
 *     no parts
 */
public record MatchedPolicy(int index, Policy policy, @Nullable String part) {
  /** Whether it allows or denies. */
  public Policy.Kind kind() {
    return policy.kind();
  }

  /** Where the policy stands, for people: {@code policy 0}, or {@code default, policy 0}. */
  public String place() {
    return (part == null ? "policy " : part + ", policy ") + index;
  }

  /** The policy as Datalog text. */
  public String text() {
    return policy.toString();
  }
}
