package dev.taper.datalog.engine;

import dev.taper.datalog.Check;
import dev.taper.datalog.Origin;
import dev.taper.datalog.Policy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of checks and policies. Immutable.
 *
 * @param policy the first policy that matched, or null
 * @param policyIndex its index, or -1
 * @param failedChecks all checks that failed: the authorizer's, the authority block's, then those
 *     of blocks 1 to n
 */
public record Evaluation(@Nullable Policy policy, int policyIndex, List<FailedCheck> failedChecks) {
  /**
   * A check that failed.
   *
   * @param block the number of its block, or {@link Origin#AUTHORIZER}
   * @param index its index there
   * @param check the check; its text is made only when it is asked for
   */
  public record FailedCheck(int block, int index, Check check) {
    /** True if the authorizer made the check. */
    public boolean isAuthorizer() {
      return block == Origin.AUTHORIZER;
    }
  }

  /** Copies the list. */
  public Evaluation {
    failedChecks = List.copyOf(failedChecks);
  }

  /** True if an {@code allow} policy matched and no check failed: nothing else allows. */
  public boolean allowed() {
    return policy != null && policy.kind() == Policy.Kind.ALLOW && failedChecks.isEmpty();
  }
}
