package dev.taper.agent.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.testing.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SentMcpTest {
  private static final int MAX = ToolCall.MAX_BYTES;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                          | {}
          {"b": 1.0, "a": [ ]}                        | {"a":[],"b":1}
          {"_meta": {"x": 1}}                         | {}
          {"a": 1, "_meta": {"x": [1, {"y": 2}]}}     | {"a":1}
          {"_meta": "x", "a": 1}                      | {"a":1}
          {"_meta": 1e1000, "a": 1}                   | {"a":1}
          {"a": {"_meta": 1}}                         | {"a":{"_meta":1}}
          {"_Meta": 1}                                | {"_Meta":1}
          """)
  void of_params_areCanonicalWithoutMeta(String params, String canonical) {
    assertThat(SentMcp.of("tools/call", params).params()).isEqualTo(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "\"x\"",
        "{",
        "{} {}",
        "{\"a\":1,\"a\":2}",
        "{\"_meta\":1,\"_meta\":2}",
        "{\"_meta\":{\"a\":1,\"a\":2}}",
        "{\"_meta\":{",
        "{\"a\":\"\\ud800\"}",
        "{\"\\ud800\":1}",
      })
  void of_otherParams_isRefused(String params) {
    Refused.with(ErrorCode.INVALID_REQUEST, () -> SentMcp.of("tools/call", params));
  }

  @Test
  void of_messageBeyondTheBounds_isRefused() {
    String wide = "{\"a\":\"" + "x".repeat(MAX - 8) + "\"}";
    assertThat(wide).hasSize(MAX);
    assertThat(SentMcp.of("tools/call", wide).params()).isEqualTo(wide);
    Refused.with(ErrorCode.INVALID_REQUEST, () -> SentMcp.of("tools/call", wide + " "));
    assertThat(SentMcp.of("x".repeat(128), "{}").method()).hasSize(128);
    Refused.with(ErrorCode.INVALID_REQUEST, () -> SentMcp.of("x".repeat(129), "{}"));
    String deep = "{\"a\":" + "[".repeat(15) + "]".repeat(15) + "}";
    assertThat(SentMcp.of("tools/call", deep).params()).isEqualTo(deep);
    Refused.with(
        ErrorCode.INVALID_REQUEST,
        () -> SentMcp.of("tools/call", "{\"a\":" + "[".repeat(16) + "]".repeat(16) + "}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "tools/call ", "tools\u0000call", "tools\u200bcall", "e\u0301"})
  void of_otherMethod_isRefused(String method) {
    Refused.with(ErrorCode.INVALID_REQUEST, () -> SentMcp.of(method, "{}"));
  }

  @Test
  void toString_message_showsNoParams() {
    assertThat(SentMcp.of("tools/call", "{\"a\":1}")).hasToString("mcp tools/call");
  }
}
