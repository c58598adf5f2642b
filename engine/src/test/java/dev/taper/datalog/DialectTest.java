package dev.taper.datalog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DialectTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "^/acme/(q[1-4]|[a-z0-9_-]+)/?$",
        "(?:a|b){2,5}?",
        "(?i)select",
        "(?P<year>[0-9]{4})",
        "[[:alpha:]]+\\.[^\\]]",
        "\\p{Greek}\\pL\\x{41}\\x41\\n",
        "[a-]-[]a][^]b]"
      })
  void differences_commonSubset_none(String pattern) {
    assertThat(Dialect.differences(pattern)).isEmpty();
    assertThat(Dialect.isValid(pattern)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\bword",
        "\\w+",
        "\\d",
        "\\S",
        "[\\d.]",
        "[a-z&&[^b]]",
        "[a--b]",
        "[a~~b]",
        "[a[b]]",
        "a(?=b)",
        "(?<!a)b",
        "\\Qa\\E",
        "\\07",
        "a{,3}",
        "{",
        "a{1001}",
        "a**",
        "(?x) a",
        "\\p{Alphabetic=Yes}",
        "(?i)stra\u00dfe",
        "\\u{41}",
        "\\<a"
      })
  void differences_outsideOfIt_areNamed(String pattern) {
    assertThat(Dialect.differences(pattern)).isNotEmpty();
  }

  @Test
  void differences_hostileText_ends() {
    assertThat(Dialect.differences("[")).isEmpty();
    assertThat(Dialect.differences("\\")).isEmpty();
    assertThat(Dialect.differences("(?")).isEmpty();
    assertThat(Dialect.differences("\\p{")).isNotEmpty();
    assertThat(Dialect.differences("[[:".repeat(100))).isNotEmpty();
  }
}
