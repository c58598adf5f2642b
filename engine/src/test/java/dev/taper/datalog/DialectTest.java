package dev.taper.datalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
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
        "[a-]-[]a][^]b]",
        "[[:alpha:]&]a&&b",
        "[\\&&][{]",
        "a{0,1000}(?:b{1000}){7,}c*?d??",
        "(?ims-U:a)(?i)\u007f",
        "\\\u007f\\/"
      })
  void differences_commonSubset_none(String pattern) {
    assertThat(Dialect.differences(pattern)).isEmpty();
    assertThat(Dialect.isValid(pattern)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("outside")
  void differences_outsideOfIt_areNamed(String pattern, String differences) {
    assertThat(String.join("; ", Dialect.differences(pattern))).isEqualTo(differences);
  }

  static Stream<Arguments> outside() {
    return Stream.of(
        arguments("\\bword\\B", "\\b knows ASCII words only here; \\B knows ASCII words only here"),
        arguments("[\\b]", "\\b is an error in a class"),
        arguments("\\w+", "\\w is ASCII here, all of Unicode in Rust"),
        arguments("[\\d.]", "\\d is ASCII here, all of Unicode in Rust"),
        arguments("[[:alpha:]\\S]", "\\S is ASCII here, all of Unicode in Rust"),
        arguments(
            "[a-z&&[^b]]",
            "&& in a class is itself here, an operation on classes in Rust;"
                + " [ in a class is itself here, a class in Rust"),
        arguments("[^--]", "-- in a class is itself here, an operation on classes in Rust"),
        arguments(
            "[[:alpha:]~~b]", "~~ in a class is itself here, an operation on classes in Rust"),
        arguments("[]&&]", "&& in a class is itself here, an operation on classes in Rust"),
        arguments("[a[b]]", "[ in a class is itself here, a class in Rust"),
        arguments("[[:alpha]", "[ in a class is itself here, a class in Rust"),
        arguments("a(?=b)", "looking around is an error in both, so that it matches nothing"),
        arguments("a(?!b)", "looking around is an error in both, so that it matches nothing"),
        arguments("(?<=a)b", "looking around is an error in both, so that it matches nothing"),
        arguments("(?<!a)b", "looking around is an error in both, so that it matches nothing"),
        arguments("(?x) a", "(?x is not known to both"),
        arguments("(?i-x)a", "(?x is not known to both"),
        arguments("(?P=n)", "(?P is not known to both"),
        arguments("\\Qa\\E", "\\Q is an error in Rust"),
        arguments("\\C", "\\C is an error in Rust"),
        arguments("\\07", "\\0 may be an octal number here, never in Rust"),
        arguments("\\9", "\\9 may be an octal number here, never in Rust"),
        arguments("a{,3}", "{ that begins no count is itself here, an error in Rust"),
        arguments("{", "{ that begins no count is itself here, an error in Rust"),
        arguments("a*{b", "{ that begins no count is itself here, an error in Rust"),
        arguments("a{1001}", "more than 1000 repetitions are an error here"),
        arguments("a{1001,}", "more than 1000 repetitions are an error here"),
        arguments("a{10000000,10000001}", "more than 1000 repetitions are an error here"),
        arguments("a{100000000}", "{ that begins no count is itself here, an error in Rust"),
        arguments("a{2,1001}", "more than 1000 repetitions are an error here"),
        arguments("a**", "a repetition of a repetition is an error here"),
        arguments("a{2}?+", "a repetition of a repetition is an error here"),
        arguments("a{2}{3}", "a repetition of a repetition is an error here"),
        arguments("a??{3}", "a repetition of a repetition is an error here"),
        arguments("\\p{Alphabetic=Yes}", "\\p{Alphabetic=Yes} is not known to both by this name"),
        arguments("[\\P{^Lu}]", "\\p{^Lu} is not known to both by this name"),
        arguments("\\p{}", "\\p{} is not known to both by this name"),
        arguments("(?i)stra\u00dfe", "(?i) beyond ASCII depends on the version of Unicode"),
        arguments("(?si:\u0080)", "(?i) beyond ASCII depends on the version of Unicode"),
        arguments("\\\u0080", "an escaped character beyond ASCII is an error in Rust"),
        arguments("\\u{41}", "\\u is not the same in both"),
        arguments("\\<a", "\\< is not the same in both"));
  }

  @Test
  void isValid_patternThatMatchesNothing_isFalse() {
    assertThat(Dialect.isValid("a{2}{3}")).isFalse();
    assertThat(Dialect.isValid("(")).isFalse();
  }

  @Test
  void differences_hostileText_ends() {
    assertThat(Dialect.differences("[")).isEmpty();
    assertThat(Dialect.differences("[a")).isEmpty();
    assertThat(Dialect.differences("(")).isEmpty();
    assertThat(Dialect.differences("(?i")).isEmpty();
    assertThat(Dialect.differences("[[:&&:]]")).isEmpty();
    assertThat(Dialect.differences("\\")).isEmpty();
    assertThat(Dialect.differences("(?")).isEmpty();
    assertThat(Dialect.differences("\\p{")).isNotEmpty();
    assertThat(Dialect.differences("[[:".repeat(100))).isNotEmpty();
  }

  /** At no place is all that follows looked at: these would take hours. */
  @ParameterizedTest
  @ValueSource(strings = {"i", "{", "[:", "\\p{", "[[:x", "(?i", "a{1"})
  void differences_longText_takesOneLook(String part) {
    String hostile = "(?" + part.repeat(2_000_000 / part.length()) + "[" + part;
    assertThat(Dialect.differences(hostile)).hasSizeLessThan(5);
    assertThat(Dialect.differences(hostile + "}")).hasSizeLessThan(5);
  }
}
