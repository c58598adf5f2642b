package dev.taper.policies.cases;

import dev.taper.agent.call.ToolCall;
import dev.taper.datalog.AuthorizerCode;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One case: a tool call, and the expected decision. Immutable.
 *
 * @param name its name, which says what it shows
 * @param policies the policies that decide it, in order
 * @param facts further facts that the service states, possibly none
 * @param token the token
 * @param issued when the token was made
 * @param time when the call is made
 * @param audience the service
 * @param call the call
 * @param directory the holders that the service's directory knows
 * @param expected the expected decision
 */
record PolicyCase(
    String name,
    List<String> policies,
    AuthorizerCode facts,
    CaseToken token,
    Instant issued,
    Instant time,
    String audience,
    ToolCall call,
    Set<String> directory,
    Expected expected) {
  PolicyCase {
    policies = List.copyOf(policies);
    directory = Set.copyOf(directory);
  }

  /**
   * A decision.
   *
   * @param allowed true if the call is allowed
   * @param code the code of the denial, or null
   * @param by the policy that decides, or {@code hop N}; null if none does
   */
  record Expected(boolean allowed, @Nullable String code, @Nullable String by) {
    /**
     * True if a decision is this one. Where a case that expects yes does not say which policy says
     * it, any may.
     */
    boolean isMetBy(Expected actual) {
      return equals(actual) || (allowed && by == null && actual.allowed());
    }

    /** Writes the decision, such as {@code deny check_failed by read-only}. */
    @Override
    public String toString() {
      return (allowed ? "allow" : "deny")
          + (code == null ? "" : " " + code)
          + (by == null ? "" : " by " + by);
    }
  }
}
