package dev.taper.agent.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.testing.Refused;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResourceNameTest {
  static String[] accepted() {
    return new String[] {
      "jira:project/ACME/Q3/12",
      "jira:project/ACME/",
      "jira:",
      "inbox",
      "a b",
      "4711",
      "/data/reports/2026.csv",
      "/",
      "a/.hidden/b",
      "a/..b/c",
      "a/b../c",
      "a/b.c.d",
      "v1.2",
      "user@acme.com",
      "arn:aws:s3:::bucket/key",
      "urn:isbn:0451450523",
      "file:///data/x",
      "mcp://",
      "mcp:///",
      "mcp://Server/tool",
      "s3://bucket/Key",
      "https://acme.com",
      "https://acme.com/",
      "https://acme.com/a/b?q=1#top",
      "https://acme.com:8443/a",
      "https://127.0.0.1/a",
      "https://[2001:db8::1]/a",
      "mailto:user@acme.com",
      "docs/caf\u00e9",
      "docs/caf%C3%A9",
      "docs/a%20b",
      "docs/a%3Ab",
      "docs/\u65e5\u672c",
      "docs/\ufb01le", // normalizes to more letters, and to no separator
    };
  }

  static String[] refused() {
    return new String[] {
      "",
      " a",
      "a ",
      "a\n",
      "a\0",
      "a/\0/b",
      ".",
      "..",
      "./a",
      "../a",
      "a/.",
      "a/..",
      "a/./b",
      "a/../b",
      "/..",
      "jira:..",
      "jira:../other",
      "jira:project/ACME/../SECRET",
      "jira:project/ACME/..",
      "jira:project/ACME/...",
      "a/.. /b", // some systems drop the space
      "a/ /b",
      "a/..;x/b",
      "a/..;/b",
      "a/..?b",
      "a/..#b",
      "a/..:b",
      "a/..%3B/b",
      "a/..%20/b",
      "a//b",
      "//a",
      "a//",
      "jira:project//ACME",
      "https://acme.com//a",
      "https:////acme.com",
      "a\\b",
      "..\\a",
      "\\a",
      "\\\\server\\share",
      "a/..\\b",
      "a/%2e%2e/b",
      "a/%2E%2E/b",
      "a/.%2e/b",
      "a%2fb",
      "a%2Fb",
      "a%5cb",
      "a%5Cb",
      "a%252e%252e",
      "a%252Fb",
      "a%25",
      "a%00b",
      "a%0Ab",
      "a%7Fb",
      "a%",
      "a%2",
      "a%zz",
      "a%2 b",
      "a%u002e",
      "a%+5c",
      "a%41b", // a letter needs no escape
      "a%7Eb",
      "docs/caf%c3%a9", // lower-case digits
      "docs/%C0%AF", // an overlong slash
      "docs/%C0%AE%C0%AE", // overlong dots
      "docs/%E2%82", // cut short
      "docs/%FF",
      "docs/%ED%A0%80", // half of a surrogate pair
      "docs/cafe%CC%81", // decomposed
      "docs/%E2%80%AE", // right-to-left override
      "docs/cafe\u0301",
      "a\u2215b", // division slash
      "a\u2044b", // fraction slash
      "a\u29f5b", // reverse solidus operator
      "a\u29f8b", // big solidus
      "a\u29f9b", // big reverse solidus
      "a\uff0fb", // full-width solidus
      "%2e%2e/a",
      "a\uff3cb", // full-width reverse solidus
      "a/\uff0e\uff0e/b", // full-width dots
      "a/\u2024\u2024/b", // one dot leaders
      "a/\u2025/b", // two dot leader
      "\uff0f", // full-width solidus, and nothing else
      "\uff0e\uff0e",
      "a\uff052\uff26b", // full-width percent sign
      "a\u2100b", // account of: normalizes to a/c
      "a%EF%BC%8Fb", // the same, escaped
      "a\u202eb",
      "a\u200bb",
      "a\u00a0b",
      "JIRA:project/ACME",
      "Q3:12", // a scheme, by its form
      "Jira:project/ACME",
      "jirA:project/ACME",
      "HTTP://acme.com/",
      "Https://acme.com/",
      "https://ACME.com/a",
      "https:acme.com/a",
      "https:/acme.com/a",
      "https://",
      "http:",
      "file:/data/x",
      "file://localhost/data/x",
      "file://SERVER/x",
      "https://acme.com:443/a",
      "http://acme.com:80/",
      "https://acme.com./a",
      "https://user@acme.com/a",
      "https://acme.com@evil.com/a",
      "https://acme.com:/a",
      "https://2130706433/a",
      "https://0x7f.1/a",
      "https://[2001:DB8::1]/a",
      "https://[2001:db8:0::1]/a",
      "https://acme.com/caf\u00e9",
      "https://\u0430cme.com/a",
      "a".repeat(1025),
    };
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void check_oneReading_givesResourceBack(String resource) {
    assertThat(Canonical.resource(resource)).isEqualTo(resource);
    assertThat(ToolCall.of("t").on(resource).resource()).isEqualTo(resource);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void check_severalReadings_isRefused(String resource) {
    Refused.with(ErrorCode.AMBIGUOUS_RESOURCE, () -> Canonical.resource(resource));
    Refused.with(ErrorCode.AMBIGUOUS_RESOURCE, () -> ToolCall.of("t").on(resource));
  }
}
