package dev.taper.datalog.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegexTest {
  private static final List<String> PIECES =
      List.of(
          "a",
          "(",
          ")",
          "(?:",
          "[",
          "]",
          "[^",
          "{2}",
          "{3,5}",
          "{2,}",
          "*",
          "+",
          "?",
          "|",
          "\\d",
          "\\{",
          "[[:alpha:]]",
          "[]a]",
          "{",
          "}",
          ",",
          ".",
          "^",
          "$",
          "\\pL",
          "\\[",
          "(?i)");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void programEstimate_validPattern_neverTooLow(long seed) {
    Random random = new Random(seed);
    int valid = 0;
    for (int i = 0; i < 4_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int p = 0; p < 1 + random.nextInt(9); p++) {
        text.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      try {
        int size = Pattern.compile(text.toString()).programSize();
        valid++;
        assertThat(Regex.programEstimate(text.toString()))
            .as(text.toString())
            .isGreaterThanOrEqualTo(size);
      } catch (PatternSyntaxException e) {
        assertThat(Regex.compile(text.toString()).find("a", budget())).isFalse();
      }
    }
    assertThat(valid).isGreaterThan(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a{1000}){1000}",
        "((a{100}){100}){100}",
        "(a{0,1000}b){0,1000}",
        "(a{999,}){99}"
      })
  void compile_repetitionsOfRepetitions_refused(String text) {
    assertThatThrownBy(() -> Regex.compile(text))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_MUCH_WORK));
    assertThat(Regex.isModest(text)).isFalse();
  }

  @Test
  void compile_deepGroups_invalidInsteadOfOverflow() {
    assertThat(Regex.compile(nested(250)).find("a", budget())).isTrue();
    assertThat(Regex.compile(nested(251)).find("a", budget())).isFalse();
    assertThat(Regex.compile(nested(100_000)).find("a", budget())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"^/[a-z0-9-]{1,63}(/[a-z0-9-]{1,63}){0,8}$", "[0-9a-f]{8}(-[0-9a-f]{4}){3}"})
  void compile_ordinaryPattern_works(String text) {
    assertThat(Regex.compile(text).find("/acme/q3-2024/0a1b2c3d-0a1b-0a1b-0a1b", budget()))
        .isEqualTo(Pattern.compile(text).matcher("/acme/q3-2024/0a1b2c3d-0a1b-0a1b-0a1b").find());
  }

  @Test
  void get_morePatternsThanFit_stillRight() {
    RegexCache cache = new RegexCache();
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 40; i++) {
        assertThat(cache.get("^x" + i + "$", budget()).find("x" + i, budget())).isTrue();
        assertThat(cache.get("^x" + i + "$", budget()).find("x", budget())).isFalse();
      }
    }
  }

  private static String nested(int depth) {
    return "(".repeat(depth) + "a" + ")".repeat(depth);
  }

  private static Budget budget() {
    return new Budget(RunLimits.defaults().maxSteps(), Stopwatch.stopped());
  }
}
