package dev.taper.authorizer;

import dev.taper.datalog.Check;
import dev.taper.datalog.Policy;
import dev.taper.datalog.engine.Evaluation;
import dev.taper.datalog.engine.World;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The decision about a request. It is a value, whether it allows or denies. Immutable, except for
 * {@link #explain}, which looks into the evaluation and is for the thread that made it.
 */
public final class Decision {
  private final Code code;
  private final @Nullable MatchedPolicy policy;
  private final List<FailedCheck> failedChecks;
  private final List<Policy> policies;
  private final Provenance provenance;
  private final World world;

  private Decision(
      Code code,
      @Nullable MatchedPolicy policy,
      List<FailedCheck> failedChecks,
      List<Policy> policies,
      Provenance provenance,
      World world) {
    this.code = code;
    this.policy = policy;
    this.failedChecks = failedChecks;
    this.policies = policies;
    this.provenance = provenance;
    this.world = world;
  }

  static Decision of(
      Evaluation evaluation, List<Policy> policies, Provenance provenance, World world) {
    Policy policy = evaluation.policy();
    Code code;
    if (policy == null) {
      code = Code.NO_MATCHING_POLICY;
    } else if (policy.kind() == Policy.Kind.DENY) {
      code = Code.POLICY_DENIED;
    } else {
      code = evaluation.failedChecks().isEmpty() ? Code.ALLOWED : Code.CHECK_FAILED;
    }
    return new Decision(
        code,
        policy == null ? null : matched(evaluation.policyIndex(), policy, provenance),
        failedChecks(evaluation, provenance),
        policies,
        provenance,
        world);
  }

  private static MatchedPolicy matched(int index, Policy policy, Provenance provenance) {
    Provenance.Place place = provenance.policy(index);
    return new MatchedPolicy(place.index(), policy, place.part());
  }

  private static List<FailedCheck> failedChecks(Evaluation evaluation, Provenance provenance) {
    List<Evaluation.FailedCheck> failed = evaluation.failedChecks();
    if (failed.isEmpty()) {
      return List.of();
    }
    return failed.stream().map(f -> failed(f, provenance)).toList();
  }

  private static FailedCheck failed(Evaluation.FailedCheck failed, Provenance provenance) {
    if (!failed.isAuthorizer()) {
      return new FailedCheck(OptionalInt.of(failed.block()), failed.index(), failed.check(), null);
    }
    Provenance.Place place = provenance.check(failed.index());
    return new FailedCheck(OptionalInt.empty(), place.index(), failed.check(), place.part());
  }

  /** True if the request is allowed; nothing else allows. */
  public boolean allowed() {
    return code == Code.ALLOWED;
  }

  /** The decision in one word. */
  public Code code() {
    return code;
  }

  /** The policy that matched first, or null if none did. */
  public @Nullable MatchedPolicy policy() {
    return policy;
  }

  /** Lists every check that failed: the authorizer's, then the token's by block. */
  public List<FailedCheck> failedChecks() {
    return failedChecks;
  }

  /** Explains the decision in detail. This costs more than deciding. */
  public Explanation explain() {
    return explain(Explanation.budget());
  }

  /**
   * Explains the decision in as much detail as a budget allows.
   *
   * @param explaining the budget for explaining; when it is used up, the rest is left out
   */
  public Explanation explain(WorkBudget explaining) {
    return Explanation.of(this, policies, provenance, world, explaining);
  }

  /** Returns the code, the policy and the failed checks, one on each line. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(code.text());
    if (policy != null) {
      out.append("\n  ").append(policy.place()).append(": ").append(policy.text());
    }
    for (FailedCheck failed : failedChecks) {
      out.append("\n  failed in ").append(failed.place());
      out.append(", check ").append(failed.index()).append(": ").append(failed.text());
    }
    return out.toString();
  }

  /**
   * The policy that decided.
   *
   * @param index its position in the policy set, from 0; in the part, if there are parts
   * @param policy the policy
   * @param part the {@linkplain PolicySet.Part part} of the policy set it stands in; null if the
   *     set has no parts
   */
  public record MatchedPolicy(int index, Policy policy, @Nullable String part) {
    /** The policy's kind: it allows or denies. */
    public Policy.Kind kind() {
      return policy.kind();
    }

    /** Says where the policy stands, for people: {@code policy 0}, or {@code default, policy 0}. */
    public String place() {
      return (part == null ? "policy " : part + ", policy ") + index;
    }

    /** The policy as Datalog text. */
    public String text() {
      return policy.toString();
    }
  }

  /**
   * A check that did not hold.
   *
   * @param block the block that carries it, 0 for the authority block; empty for the authorizer
   * @param index its position among the checks there, from 0; in the part, if there are parts
   * @param check the check
   * @param part the {@linkplain PolicySet.Part part} of the policy set that carries it; null if the
   *     set has no parts, or a block carries it
   */
  public record FailedCheck(OptionalInt block, int index, Check check, @Nullable String part) {
    /** The most characters of a check's text; a short token can hold a long text many times. */
    private static final int LONGEST = 4_096;

    /** Returns the check as Datalog text; a very long one is cut short, with an ellipsis. */
    public String text() {
      return check.text(LONGEST);
    }

    /**
     * Says where the check stands, for people: {@code block 1}, {@code authorizer}, or its part.
     */
    public String place() {
      if (block.isPresent()) {
        return "block " + block.getAsInt();
      }
      return part == null ? "authorizer" : part;
    }
  }

  /** The decision in one word. Only {@link #ALLOWED} allows. */
  public enum Code {
    /** An allow policy matched and every check held. */
    ALLOWED,
    /** An allow policy matched, but a check failed. */
    CHECK_FAILED,
    /** A deny policy matched first. */
    POLICY_DENIED,
    /** No policy matched. */
    NO_MATCHING_POLICY;

    /** The stable code in lower case, as printed and logged. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
