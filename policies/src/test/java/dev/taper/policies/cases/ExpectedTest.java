package dev.taper.policies.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a case has to say of the decision that it expects. */
class ExpectedTest {
  @TempDir private Path folder;

  private List<String> failures(String expected) throws IOException {
    Files.writeString(
        folder.resolve("own.datalog"), "allow if tool(\"a\");\ndeny if tool(\"b\");\n");
    Files.writeString(
        folder.resolve("own.cases.yaml"),
        "cases:\n  - name: one\n    request: {tool: " + expected.replace("|", "\n    ") + "\n");
    return PolicyTests.run(List.of(folder)).policies().get(0).failures().stream()
        .map(failure -> failure.expected() + " / " + failure.actual())
        .toList();
  }

  @Test
  void expect_allowWithoutBy_isMetByAnyPolicyThatAllows() throws IOException {
    assertThat(failures("a}|expect: allow")).isEmpty();
    assertThat(failures("b}|expect: allow")).containsExactly("allow / deny policy_denied by own");
  }

  @Test
  void expect_allowByAnother_isNotMet() throws IOException {
    assertThat(failures("a}|expect: allow|by: own")).isEmpty();
    assertThat(failures("a}|expect: allow|by: other"))
        .containsExactly("allow by other / allow by own");
  }

  @Test
  void expect_denialWithoutBy_isNotMetByAPolicysDenial() throws IOException {
    assertThat(failures("b}|expect: deny|code: policy_denied|by: own")).isEmpty();
    assertThat(failures("b}|expect: deny|code: policy_denied"))
        .containsExactly("deny policy_denied / deny policy_denied by own");
  }
}
