package dev.taper.policies.cases;

import java.nio.file.Path;
import java.util.List;

/**
 * The result of testing policies. Immutable.
 *
 * @param policies the policies that were tested, in the order of their files
 * @param orphans files without their counterpart: policies without cases, cases without a policy
 */
public record PolicyReport(List<Tested> policies, List<Path> orphans) {
  /** Copies the lists. */
  public PolicyReport {
    policies = List.copyOf(policies);
    orphans = List.copyOf(orphans);
  }

  /** True if every case came out as expected and nothing lacks its counterpart. */
  public boolean passed() {
    return orphans.isEmpty() && policies.stream().allMatch(p -> p.failures().isEmpty());
  }

  /** True if every rule, check, policy and alternative held in a case and did not in another. */
  public boolean covered() {
    return policies.stream().allMatch(p -> p.coverage().stream().allMatch(Reached::fully));
  }

  /**
   * One policy.
   *
   * @param name its name
   * @param file its file
   * @param cases how many cases it has
   * @param failures the cases that failed
   * @param coverage the elements of the policy, and what the cases reach of them
   */
  public record Tested(
      String name, Path file, int cases, List<Failure> failures, List<Reached> coverage) {
    /** Copies the lists. */
    public Tested {
      failures = List.copyOf(failures);
      coverage = List.copyOf(coverage);
    }
  }

  /**
   * A case that failed.
   *
   * @param number its number in the file, from 1
   * @param name its name
   * @param expected the expected decision, such as {@code deny check_failed by read-only}
   * @param actual the actual decision, in that form
   */
  public record Failure(int number, String name, String expected, String actual) {}

  /**
   * A rule, check, policy or one alternative of it.
   *
   * @param place its place, such as {@code check 0, alternative 1}
   * @param text its Datalog text
   * @param matched true if it matched, or held, in a case
   * @param failed true if it did not in another case, or has no condition
   */
  public record Reached(String place, String text, boolean matched, boolean failed) {
    /** True if both happened. */
    public boolean fully() {
      return matched && failed;
    }
  }
}
