package dev.taper.datalog.regex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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
          "(?i)",
          "(?i:",
          "(?P<n>",
          "\\PN",
          "[^\\p{Greek}k-\\x{17f}]",
          "\\x41",
          "\\101");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void of_validPattern_programNeverTooLow(long seed) {
    Random random = new Random(seed);
    int valid = 0;
    for (int i = 0; i < 4_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int p = 0; p < 1 + random.nextInt(9); p++) {
        text.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      try {
        int size = Pattern.compile(text.toString()).programSize();
        assertThat(PatternCost.of(text.toString()).valid()).as(text.toString()).isTrue();
        valid++;
        assertThat(PatternCost.of(text.toString()).program())
            .as(text.toString())
            .isGreaterThanOrEqualTo(size);
      } catch (PatternSyntaxException e) {
        assertThat(compile(text.toString()).find("a")).isFalse();
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
    assertThatThrownBy(() -> compile(text))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_MUCH_WORK));
    assertThat(PatternCost.of(text).isTooLarge()).isTrue();
  }

  /** What takes re2j long, or for ever, is refused before it is asked: copies, walks, cycles. */
  @ParameterizedTest
  @MethodSource("hostile")
  void compile_patternMadeToTakeLong_refused(String text) {
    assertThatThrownBy(() -> compile(text))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_MUCH_WORK));
  }

  /** Counts and products that would overflow make no pattern cheap, and none costs nothing. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "((((a{1000}){1000}){1000}){1000}){8549826227}",
        "(((((((a{1000}){1000}){1000}){1000}){1000}){1000}){1000}){1000}"
      })
  void of_countsThatWouldOverflow_areInvalidOrTooLarge(String text) {
    PatternCost cost = PatternCost.of(text);

    assertThat(cost.work()).isNotNegative();
    assertThat(!cost.valid() || cost.isTooLarge()).isTrue();
  }

  /** Many escapes that never end cost their own length: nobody looks for the end of each. */
  @Test
  @Timeout(60) // where it would be hours
  void of_escapesWithoutAnEnd_areReadOnce() {
    assertThat(PatternCost.of("\\x{".repeat(1_000_000)).isTooLarge()).isTrue();
    assertThat(compile("^\\x{0000041}$").find("A")).isTrue();
  }

  static Stream<String> hostile() {
    return Stream.of(
        "a".repeat(13_000),
        "(?i)" + "k".repeat(13_000),
        "[" + "\u4e00\u4e02".repeat(6_500) + "]",
        "\\pL|".repeat(100) + "x",
        "(?i)" + "[B-\\x{1c7f}]".repeat(400),
        "(?i)[B-\\x{1044E}]",
        "(?i)\u1c80",
        "(?i:[\\x{00001C80}])",
        "(a{1000})(?i){100}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(?i)stra\u00dfe",
        "(?i)[a-z\u00e0-\u00ff]+",
        "(?i)\\pL+",
        "(?i)[\\x{0}-\\x{10ffff}]"
      })
  void compile_ordinaryFolding_works(String text) {
    assertThat(compile(text).find("STRA\u00dfE")).isTrue();
  }

  /** The ranges that a class holds are counted, in the work and in the memory. */
  @Test
  void of_unicodeClass_countsItsRanges() {
    assertThat(PatternCost.of("\\pL").ranges()).isBetween(435L, 500L);
    assertThat(PatternCost.of("[^\\p{L}\\p{N}]").ranges()).isBetween(518L, 600L);
    assertThat(PatternCost.of("\\pL").bytes(3)).isGreaterThan(8 * 435);
    assertThat(PatternCost.of("\\pL{1000}").ranges()).isLessThan(500);
    assertThat(PatternCost.of("[a-z][0-9]").ranges()).isEqualTo(2);
  }

  @Test
  void compile_deepGroups_invalidInsteadOfOverflow() {
    assertThat(compile(nested(250)).find("a")).isTrue();
    assertThat(compile(nested(251)).find("a")).isFalse();
    assertThat(compile(nested(100_000)).find("a")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"^/[a-z0-9-]{1,63}(/[a-z0-9-]{1,63}){0,8}$", "[0-9a-f]{8}(-[0-9a-f]{4}){3}"})
  void compile_ordinaryPattern_works(String text) {
    assertThat(compile(text).find("/acme/q3-2024/0a1b2c3d-0a1b-0a1b-0a1b"))
        .isEqualTo(Pattern.compile(text).matcher("/acme/q3-2024/0a1b2c3d-0a1b-0a1b-0a1b").find());
  }

  @Test
  void isValid_pattern_saysWhetherItCanMatch() {
    assertThat(Regex.isValid("a+")).isTrue();
    assertThat(Regex.isValid("(")).isFalse();
    assertThat(Regex.isValid("a**")).isFalse();
    assertThat(Regex.isValid("(a{1000}){1000}")).isFalse();
  }

  private static String nested(int depth) {
    return "(".repeat(depth) + "a" + ")".repeat(depth);
  }

  private static Regex compile(String text) {
    return Regex.compile(text, PatternCost.of(text));
  }
}
