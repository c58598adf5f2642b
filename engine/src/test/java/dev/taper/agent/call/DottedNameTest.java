package dev.taper.agent.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.testing.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DottedNameTest {
  static String[] accepted() {
    return new String[] {
      "jira.search",
      "jira",
      "crm.contacts.read",
      "crmx.read",
      "DATA_EXPORT_v2",
      "mcp__server__tool",
      "get-user",
      "-",
      "2fa.reset",
      "a.b.c.d.e.f",
      "a".repeat(1024),
    };
  }

  static String[] refused() {
    return new String[] {
      "",
      ".",
      "..",
      ".jira",
      "jira.",
      "jira..search",
      "jira.*",
      "*",
      " jira.search",
      "jira.search ",
      "jira search",
      "jira.search\n",
      "\tjira.search",
      "jira.search\0",
      "jira\0.delete",
      "jira.se\u0430rch", // Cyrillic a
      "\u0458ira.search", // Cyrillic je
      "jira.\u017fearch", // long s
      "jira\uff0esearch", // full-width dot
      "jira\u2024search", // one dot leader
      "jira.search\u200b", // zero-width space
      "jira.\u202ehcraes", // right-to-left override
      "jira.se\u00adarch", // soft hyphen
      "caf\u00e9.read",
      "cafe\u0301.read",
      "jira\ud800",
      "\ud83d\ude00.read",
      "jira/search",
      "jira:search",
      "jira\\search",
      "jira%2esearch",
      "jira.search;x",
      "\"jira\"",
      "jira,crm",
      "a".repeat(1025),
    };
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void check_asciiSegments_givesNameBack(String name) {
    assertThat(Canonical.tool(name)).isEqualTo(name);
    assertThat(Canonical.operation(name)).isEqualTo(name);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void check_anythingElse_isRefused(String name) {
    Refused.with(ErrorCode.INVALID_REQUEST, () -> Canonical.tool(name));
    Refused.with(ErrorCode.INVALID_REQUEST, () -> Canonical.operation(name));
    Refused.with(ErrorCode.INVALID_REQUEST, () -> ToolCall.of(name));
    Refused.with(ErrorCode.INVALID_REQUEST, () -> ToolCall.of("t").operation(name));
  }

  @Test
  void check_everyAsciiCharacter_isRefusedUnlessItIsOneOfANames() {
    String allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    for (char c = 0; c < 0x80; c++) {
      String name = "a" + c + "b";
      if (allowed.indexOf(c) >= 0) {
        assertThat(Canonical.tool(name)).isEqualTo(name);
      } else {
        Refused.with(ErrorCode.INVALID_REQUEST, () -> Canonical.tool(name));
      }
    }
  }
}
