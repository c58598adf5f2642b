package dev.taper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  private static final List<String> METHODS =
      List.of("starts_with", "ends_with", "contains", "any", "all", "get");

  @ParameterizedTest
  @CsvSource({
    "startsWith, starts_with",
    "START_WITH, starts_with",
    "start_wth, starts_with",
    "endswith, ends_with",
    "contain, contains",
    "cntins, contains",
    "cotain, contains",
    "constrains, contains",
    "an, any",
    "ay, any",
    "al, all",
    "gets, get",
    "bet, get",
    "sent,",
    "xyz,",
    "cotainXYZ,",
    "'',"
  })
  void of_misspeltWord_isTheNearestIfItIsNear(String word, @Nullable String nearest) {
    assertThat(Nearest.of(word, METHODS)).isEqualTo(nearest);
  }

  /** Among equals the first one; a nearer one later wins. */
  @Test
  void of_severalNearOnes_isTheFirstOfTheNearest() {
    assertThat(Nearest.of("abcdef", List.of("abcdxx", "abcdxe", "abcdxf"))).isEqualTo("abcdxf");
    assertThat(Nearest.of("abcdef", List.of("abcdxf", "abcdyf"))).isEqualTo("abcdxf");
  }

  @Test
  void of_longWords_areNotCompared() {
    String longest = "a".repeat(32);
    assertThat(Nearest.of(longest, List.of(longest))).isEqualTo(longest);
    assertThat(Nearest.of(longest + "a", List.of(longest))).isNull();
    assertThat(Nearest.of(longest, List.of(longest + "a"))).isNull();
  }

  @Test
  void hint_unknownName_namesTheNearestOrAll() {
    assertThat(Nearest.hint("gat", METHODS)).isEqualTo("; did you mean get?");
    assertThat(Nearest.hint("zzz", List.of("any", "get"))).isEqualTo("; there are any, get");
  }
}
