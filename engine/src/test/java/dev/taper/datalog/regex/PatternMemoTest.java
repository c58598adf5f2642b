package dev.taper.datalog.regex;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatternMemoTest {
  private final PatternMemo memo = new PatternMemo();

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void find_withWorkLeft_saysWhetherItIsThere(boolean otherwise) {
    assertThat(memo.find("b+", "abc", otherwise)).isTrue();
    assertThat(memo.find("b+", "ac", otherwise)).isFalse();
    assertThat(memo.find("(", "(", otherwise)).isFalse();
  }

  @Test
  void find_samePatternAgain_isCompiledOnce() {
    long compiling = 1 + PatternCost.of("b{20}").work();
    boolean first = memo.find("b{20}", "b".repeat(30), false);
    long once = memo.work();
    boolean second = memo.find("b{20}", "b".repeat(30), false);

    assertThat(first && second).isTrue();
    assertThat(once).isGreaterThan(compiling);
    assertThat(memo.work() - once).isEqualTo(once - compiling);
  }

  /** A pattern costs its reading, too: a step for sixteen characters, one for fewer. */
  @Test
  void find_pattern_costsReadingCompilingAndSearching() {
    String pattern = "a".repeat(32);
    long searching = 1 + Regex.compile(pattern, PatternCost.of(pattern)).steps(7);

    boolean found = memo.find(pattern, "7 chars", true);

    assertThat(found).isFalse();
    assertThat(memo.work()).isEqualTo(2 + PatternCost.of(pattern).work() + searching);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void find_withoutWorkLeft_answersOtherwise(boolean otherwise) {
    String text = "a".repeat(100_000);
    int searches = 0;
    while (memo.find("b", text, true) == memo.find("b", text, false)) {
      searches++;
    }

    assertThat(searches).isPositive();
    assertThat(memo.work()).isLessThanOrEqualTo(200_000);
    assertThat(memo.find("b", text, otherwise)).isEqualTo(otherwise);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void find_withoutWorkToReadAPattern_answersOtherwise(boolean otherwise) {
    while (memo.spend(1)) {
      assertThat(memo.work()).isPositive();
    }
    assertThat(memo.find("b", "b", otherwise)).isEqualTo(otherwise);
  }

  /** Nobody has it read again and again without end. */
  @Test
  void find_patternThatIsTooMuch_costsReadingAllTheSame() {
    String pattern = "(a|b)*".repeat(8);
    long all = 200_000;
    assertThat(memo.spend(all - 4)).isTrue();

    assertThat(memo.find(pattern, "a", true)).isTrue();
    assertThat(memo.work()).isEqualTo(all - 1);
    assertThat(memo.find(pattern, "a", false)).isFalse();
    assertThat(memo.work()).isEqualTo(all - 1);
  }

  /** All of the work may be spent, and not a step more. */
  @Test
  void find_lastStep_isSpent() {
    boolean first = memo.find("b", "", true);
    long each = memo.work() - 1 - PatternCost.of("b").work();
    int length = 1;
    long left = 200_000 - memo.work() - 1;
    Regex regex = Regex.compile("b", PatternCost.of("b"));
    while (regex.steps(length) < left) {
      length++;
    }

    assertThat(first).isFalse();
    assertThat(each).isEqualTo(1 + regex.steps(0));
    assertThat(regex.steps(length)).isEqualTo(left);
    assertThat(memo.find("b", "a".repeat(length), true)).isFalse();
    assertThat(memo.work()).isEqualTo(200_000);
    assertThat(memo.find("b", "", true)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void find_patternTooLargeForAnybody_answersOtherwise(boolean otherwise) {
    assertThat(memo.find("(a{1000}){1000}", "a", otherwise)).isEqualTo(otherwise);
    assertThat(memo.work()).isEqualTo(1);
  }

  /** What has no room is compiled each time. */
  @Test
  void find_manyLargePatterns_keepsAsManyAsHaveRoom() {
    long bytes = 0;
    String pattern = "";
    for (int i = 0; bytes <= 512 << 10; i++) {
      pattern = i + "a{900}";
      bytes += Regex.compile(pattern, PatternCost.of(pattern)).bytes();
      boolean unused = memo.find(pattern, "", true);
    }
    long before = memo.work();
    boolean kept = memo.find("0a{900}", "", true);
    long again = memo.work() - before;

    assertThat(kept).isFalse();
    assertThat(again).isLessThan(PatternCost.of("0a{900}").work());
    before = memo.work();
    boolean last = memo.find(pattern, "", true);
    assertThat(last).isFalse();
    assertThat(memo.work() - before).isGreaterThan(PatternCost.of(pattern).work());
  }
}
