package dev.taper.policies.cases;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.authorizer.PolicySet;
import dev.taper.datalog.parser.Datalog;
import dev.taper.policies.Policies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs the cases beside policies, each with a real token and a real verifier. For one thread. */
public final class PolicyTests {
  private final CaseRunner runner = new CaseRunner();
  private final Map<Path, PolicySet.Part> parsed = new HashMap<>();

  /** Makes tests that have read no policy yet. */
  public PolicyTests() {}

  /**
   * Tests policies.
   *
   * @param places folders, which are tested whole, or files
   * @throws TaperException {@link ErrorCode#INVALID_POLICY_CASE} if a file of cases is wrong, a
   *     code of {@link Datalog} if a policy is, {@link ErrorCode#INVALID_ARGUMENT} if a file is
   *     neither a policy nor cases, or a case names a policy that is neither beside its own nor in
   *     the library
   * @throws UncheckedIOException if a file cannot be read
   */
  public static PolicyReport run(Collection<Path> places) {
    return run(places, (done, all) -> {});
  }

  /** Is told how far the tests are. Several threads tell it. */
  @FunctionalInterface
  public interface Watcher {
    /** So many policies are tested, of so many. */
    void tested(int done, int all);
  }

  /**
   * Tests policies as {@link #run(Collection)}.
   *
   * @param places folders, which are tested whole, or files
   * @param watcher is told of each policy that was tested
   */
  public static PolicyReport run(Collection<Path> places, Watcher watcher) {
    PolicyFiles files = PolicyFiles.find(places);
    int all = files.tested().size();
    AtomicInteger done = new AtomicInteger();
    List<PolicyReport.Tested> tested =
        files.tested().parallelStream()
            .map(
                file -> {
                  PolicyReport.Tested one = new PolicyTests().test(file);
                  watcher.tested(done.incrementAndGet(), all);
                  return one;
                })
            .toList();
    return new PolicyReport(tested, files.orphans());
  }

  private PolicyReport.Tested test(Path file) {
    PolicySet.Part policy = part(file);
    Coverage coverage = new Coverage(policy);
    List<PolicyReport.Failure> failures = new ArrayList<>();
    List<PolicyCase> cases = cases(file);
    for (int i = 0; i < cases.size(); i++) {
      PolicyCase one = cases.get(i);
      List<PolicySet.Part> parts = parts(file, one, policy);
      PolicyCase.Expected actual = runner.verdict(one, PolicySet.of(parts));
      if (!one.expected().isMetBy(actual)) {
        failures.add(
            new PolicyReport.Failure(
                i + 1, one.name(), one.expected().toString(), actual.toString()));
      }
      coverage.add(runner, one, parts);
    }
    return new PolicyReport.Tested(policy.name(), file, cases.size(), failures, coverage.reached());
  }

  /** True if a case has another result when a policy is replaced. */
  boolean notices(Path file, List<PolicyCase> cases, PolicySet.Part instead) {
    for (PolicyCase one : cases) {
      PolicySet policies = PolicySet.of(parts(file, one, instead));
      if (!one.expected().isMetBy(runner.verdict(one, policies))) {
        return true;
      }
    }
    return false;
  }

  static List<PolicyCase> cases(Path policy) {
    Path file = PolicyFiles.casesOf(policy);
    return CaseReader.read(PolicyFiles.name(policy), file, text(file));
  }

  PolicySet.Part part(Path file) {
    return parsed.computeIfAbsent(
        file, f -> new PolicySet.Part(PolicyFiles.name(f), Datalog.authorizer(text(f))));
  }

  /** The parts that decide a case: first what the service states, then the policies in order. */
  private List<PolicySet.Part> parts(Path file, PolicyCase one, PolicySet.Part policy) {
    List<PolicySet.Part> parts = new ArrayList<>();
    parts.add(new PolicySet.Part("facts", one.facts()));
    for (String name : one.policies()) {
      Path sibling = file.resolveSibling(name + PolicyFiles.POLICY);
      if (name.equals(policy.name())) {
        parts.add(policy);
      } else {
        parts.add(Files.isRegularFile(sibling) ? part(sibling) : Policies.part(name));
      }
    }
    return parts;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
