package dev.taper.agent.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.call.ToolCall;
import dev.taper.testing.Refused;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that are approved before anybody knows them: no other call may be among them. */
class CallPatternTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        // pattern | tool | operation | resource | covers
        "jira.close | jira.close | none | none | true",
        "jira.close | jira.close | read | jira:a/1 | true",
        "jira.close | jira.open | none | none | false",
        "jira.*, wiki.read | jira.open | none | none | true",
        "jira.*, wiki.read | wiki.write | none | none | false",
        "jira.* read | jira.get | read | none | true",
        "jira.* read | jira.get | write | none | false",
        "jira.* read | jira.get | none | none | false",
        "jira.* read, write | jira.get | write | none | true",
        "jira.* read | wiki.get | read | none | false",
        "jira.* on jira:a/* | jira.get | none | jira:a/1 | true",
        "jira.* on jira:a/* | jira.get | none | jira:b/1 | false",
        "jira.* on jira:a/* | jira.get | none | none | false",
        "jira.* on jira:a/*, jira:b/1 | jira.get | none | jira:b/1 | true",
        "jira.* read on jira:a/* | jira.get | write | jira:a/1 | false",
        "jira.* read on jira:a/* | jira.get | read | jira:a/1 | true",
      })
  void covers_calls_onlyTheseOnes(
      String pattern,
      String tool,
      @Nullable String operation,
      @Nullable String resource,
      boolean covers) {
    ToolCall call = ToolCall.of(tool);
    call = operation == null ? call : call.operation(operation);
    call = resource == null ? call : call.on(resource);
    CallPattern calls = CallPattern.of(Grant.parse(pattern));

    assertThat(calls.covers(call)).isEqualTo(covers);
    assertThat(CallPattern.of(Grant.parse(calls.toString()))).isEqualTo(calls);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "* read", "jira.* where n = 1", "jira.* if justified"})
  void of_grantThatSaysAnythingElse_isRefused(String grant) {
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> CallPattern.of(Grant.parse(grant)));
  }
}
