package dev.taper.policies.cases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.authorizer.PolicySet;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Rule.UnsafeRuleException;
import dev.taper.policies.Policies;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The library keeps what its cases say, and its cases would notice if it did not. */
class LibraryTest {
  private static final Path FOLDER =
      Path.of("src", "main", "resources", "dev", "taper", "policies");

  /** Fewer would mean that the mutator no longer finds its places. */
  private static final int MUTANTS_AT_LEAST = 250;

  static List<String> names() {
    return Policies.names();
  }

  @Test
  void library_cases_comeOutAsExpectedAndReachEverything() {
    PolicyReport report = PolicyTests.run(List.of(FOLDER));

    assertThat(report.orphans()).isEmpty();
    assertThat(report.policies()).extracting(PolicyReport.Tested::name).isEqualTo(names());
    assertThat(report.policies())
        .allSatisfy(
            policy -> {
              assertThat(policy.failures()).isEmpty();
              assertThat(policy.coverage()).allMatch(PolicyReport.Reached::fully);
            });
  }

  @ParameterizedTest
  @MethodSource("names")
  void mutant_ofAPolicy_isNoticedByACase(String name) {
    Path file = FOLDER.resolve(name + ".datalog");
    PolicyTests tests = new PolicyTests();
    List<PolicyCase> cases = PolicyTests.cases(file);
    List<AuthorizerCode> survivors = new ArrayList<>(Mutations.of(tests.part(file).code()));

    assertThat(survivors).isNotEmpty();
    survivors.removeIf(code -> noticed(tests, file, cases, new PolicySet.Part(name, code)));

    assertThat(survivors).isEmpty();
  }

  private static boolean noticed(
      PolicyTests tests, Path file, List<PolicyCase> cases, PolicySet.Part mutant) {
    try {
      return tests.notices(file, cases, mutant);
    } catch (UnsafeRuleException e) {
      return true; // it does not even compile
    }
  }

  @Test
  void mutants_ofTheLibrary_areMany() {
    int mutants = 0;
    for (String name : names()) {
      mutants += Mutations.of(Policies.part(name).code()).size();
    }

    assertThat(mutants).isGreaterThan(MUTANTS_AT_LEAST);
  }
}
