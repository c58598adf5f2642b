package dev.taper.agent.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.ToolCall;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How far a call is from a grant: which one of several a refusal tells of. */
class MissesTest {
  private static final CallFacts CALL =
      ToolCall.of("jira.update").operation("write").on("proj/1").arg("n", 1).arg("m", 2).facts();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jira.update write on proj/ where n = 1 and m = 2 | 0",
        "jira.update write on proj/ where n = 1 and m = 3 | 1",
        "jira.update write on proj/ where n = 2 and m = 3 | 2",
        "jira.update write on other/ where n = 2 and m = 3 | 3",
        "jira.update read on other/ where n = 2 and m = 3 | 4",
        "jira.update read on other/ where n = 2 and m = 3 if justified | 5",
        "jira.update on other/ where n = 1 | 1",
        "jira.update read where n = 1 | 1",
        "jira.update write if justified | 1",
        "crm.read write on proj/ where n = 1 | 65536",
        "crm.read read on other/ where n = 2 if justified | 65540",
      })
  void weight_eachPoint_countsOnceAndTheToolMost(String grant, int weight) {
    assertThat(Grant.parse(grant).misses(CALL).weight()).isEqualTo(weight);
  }

  @ParameterizedTest
  @CsvSource({"1, 3", "2, 3", "3, 3", "4, 4", "5, 5", "6, 6", "9, 6"})
  void first_moreThanAreWanted_areLeftOut(int most, int told) {
    Grant grant = Grant.parse("crm.read read on other/ where n = 2 and m = 3 if justified");
    assertThat(grant.mismatches(CALL, most)).hasSize(told);
  }

  @Test
  void arguments_constraintsThatFail_areNamed() {
    Grant grant = Grant.parse("jira.update where n = 1 and m = 3 and only m");
    assertThat(grant.refusedArguments(CALL)).containsExactly("m");
  }
}
