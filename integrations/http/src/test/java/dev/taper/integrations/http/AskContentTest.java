package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AskContentTest {
  private static final String KEPT =
      "{\"audience\":\"svc:jira\",\"state\":\"open\",\"sent\":{\"method\":\"GET\","
          + "\"origin\":\"https://jira.example.com\",\"target\":\"/issues/7\","
          + "\"content\":\"\"},\"request\":{\"n\":1},\"approvals\":[\"a\"]}";

  @Test
  void read_whatWasKept_isTheSame() {
    assertThat(AskContent.read(KEPT).kept()).isEqualTo(KEPT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7",
        "[]",
        "{}",
        "{\"sent\":7}",
        "{\"sent\":{\"x\":[1,2]}}",
        "{\"sent\":{\"x\":{}}}",
        "{\"approvals\":7}",
        "{\"approvals\":[[]]}"
      })
  void read_somethingElse_isRefused(String kept) {
    assertRefused(kept);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"content\":\"\"     | \"content\":\"?\"",
        "\"content\":\"\"     | \"content\":\"A\"",
        "\"content\":\"\"     | \"content\":null",
        "\"GET\"              | \"G T\"",
        "https://             | nowhere://",
        "{\"n\":1}            | \"text\"",
        "\"open\"             | \"ajar\"",
        "[\"a\"]              | [7]",
        "[\"a\"]}             | [\"a\"]}{}",
        "[\"a\"]}             | [\"a\"]"
      })
  void read_somethingElseWithin_isRefused(String part, String other) {
    assertThat(KEPT).contains(part);
    assertRefused(KEPT.replace(part, other));
  }

  private static void assertRefused(String kept) {
    assertThatThrownBy(() -> AskContent.read(kept))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_FAILED));
  }
}
