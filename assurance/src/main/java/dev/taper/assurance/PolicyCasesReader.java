package dev.taper.assurance;

import static dev.taper.assurance.Laws.same;

import dev.taper.ErrorCode.Category;
import dev.taper.policies.cases.PolicyReport;
import dev.taper.policies.cases.PolicyReport.Tested;
import dev.taper.policies.cases.PolicyTests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The reader of a policy's test cases, which finds the policy beside them. */
final class PolicyCasesReader {
  private static final String POLICY = "check if operation(\"read\");\nallow if true;\n";
  private static final Scratch CASES = new Scratch("fuzz.cases.yaml");

  static {
    try {
      Path policy = CASES.path().resolveSibling("fuzz.datalog");
      Files.writeString(policy, POLICY);
      policy.toFile().deleteOnExit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final Pattern VERDICT = Pattern.compile("(allow|deny [a-z_]+)( by [a-z0-9 -]+)?");

  private PolicyCasesReader() {}

  static boolean cases(byte[] input) {
    byte[] text = Laws.utf8(input).getBytes(StandardCharsets.UTF_8);
    return CASES.with(text, PolicyCasesReader::tested);
  }

  private static boolean tested(Path file) {
    Optional<PolicyReport> read =
        Laws.read(
            () -> PolicyTests.run(List.of(file)),
            Category.LANGUAGE,
            Category.FORMAT,
            Category.REQUEST,
            Category.USAGE);
    read.ifPresent(report -> holds(file, report));
    return read.isPresent();
  }

  /** One policy was tested, by every case, and what is said of each is possible. */
  private static void holds(Path file, PolicyReport report) {
    same(
        "tests of a folder are those of its files",
        report,
        PolicyTests.run(List.of(file.resolveSibling(""))));
    same("files without another", List.of(), report.orphans());
    same("the policy", List.of("fuzz"), report.policies().stream().map(Tested::name).toList());
    Tested tested = report.policies().get(0);
    same("there are cases", true, tested.cases() > 0);
    int last = 0;
    for (PolicyReport.Failure failure : tested.failures()) {
      same("a case fails once", true, last < failure.number());
      last = failure.number();
      same("a failure is another verdict", false, failure.expected().equals(failure.actual()));
      same("a verdict", true, VERDICT.matcher(failure.actual()).matches());
    }
    same("only cases fail", true, last <= tested.cases());
    same("the parts of the policy", 2, tested.coverage().size());
    same("all passed", tested.failures().isEmpty(), report.passed());
  }
}
