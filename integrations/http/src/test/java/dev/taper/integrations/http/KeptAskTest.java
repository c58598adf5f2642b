package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.approval.Ask;
import dev.taper.agent.memory.MemoryShare;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeptAskTest {
  private static final String KEPT =
      "{\"audience\":\"svc:jira\",\"state\":\"open\",\"sent\":{\"method\":\"GET\","
          + "\"origin\":\"https://jira.example.com\",\"target\":\"/issues/7\","
          + "\"content\":\"\"},\"request\":{\"n\":1},\"approvals\":[\"a\"]}";

  private static KeptAsk read(String content) {
    return KeptAsk.read(
        new Ask("ab", new MemoryShare("user:alice", "b"), Instant.EPOCH, content, 0));
  }

  @Test
  void read_whatWasKept_isTheSame() {
    assertThat(read(KEPT).content()).isEqualTo(KEPT);
  }

  @Test
  void read_whatWasKeptWithFieldsAndRefusal_isTheSame() {
    String more =
        KEPT.replace(
                "\"content\":\"\"",
                "\"content_type\":\"a/b\",\"content_encoding\":\"gzip\",\"content\":\"AAE\","
                    + "\"field x-tenant\":\"acme\",\"field x-trace\":\"7\"")
            .replace("[\"a\"]", "[\"a\",\"b\"],\"refusal\":\"no\"")
            .replace("\"open\"", "\"refused\"");
    KeptAsk read = read(more);
    assertThat(read.content()).isEqualTo(more);
    assertThat(read.sent().contentType()).isEqualTo("a/b");
    assertThat(read.sent().contentEncoding()).isEqualTo("gzip");
    assertThat(read.sent().content()).containsExactly(0, 1);
    assertThat(read.sent().fields()).containsEntry("x-tenant", "acme").hasSize(2);
  }

  @Test
  void read_whatWasSentBesideItsMember_isRefused() {
    String flat = KEPT.replace("\"open\",", "\"open\",\"request\":{},");
    flat =
        flat.substring(0, flat.indexOf("},\"request\":{\"n\""))
            .replace(":{\"method", ":7,\"method");
    assertRefused(flat + "}");
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
        "{\"approvals\":\"a\"}",
        "{\"approvals\":{}}",
        "[\"audience\"]",
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
    assertThatThrownBy(() -> read(kept))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_FAILED));
  }
}
