package dev.taper;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownTextTest {
  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "a b,a b",
        "a   b,a \\u{20}\\u{20}b",
        " a,\\u{20}a",
        "a\u00a0b,a\\u{a0}b",
        "a\u3000b,a\\u{3000}b",
        "a\u202eb,a\\u{202e}b",
        "a\u2028b,a\\u{2028}b",
        "a\u009bb,a\\u{9b}b",
        "a\u3164b,a\\u{3164}b",
        "a\u0301\u0301\u0301\u0301,a\u0301\u0301\\u{301}\\u{301}"
      })
  void of_whatMovesOrHides_isEscaped(String text, String expected) {
    assertThat(ShownText.of(text, 100)).isEqualTo(expected);
  }

  @Test
  void of_longText_isCutAndItsLengthAndDigestShown() {
    String text = "x".repeat(2_000);

    assertThat(ShownText.of(text, 2_000)).isEqualTo(text);
    assertThat(ShownText.of(text + "y", 2_000)).startsWith(text + "… (2001 characters, SHA-256 ");
    assertThat(ShownText.of(text + "z", 2_000)).isNotEqualTo(ShownText.of(text + "y", 2_000));
  }

  @Test
  void lines_everyLine_fitsItsColumns() {
    assertThat(ShownText.lines("abcdefg", 3)).containsExactly("abc", "def", "g");
    assertThat(ShownText.lines("日本日本", 3)).containsExactly("日", "本", "日", "本");
    assertThat(ShownText.lines("", 3)).containsExactly("");
  }

  /** Who reads a word that goes on below reads another one. */
  @Test
  void lines_words_areBrokenOnlyIfTheyCannotFit() {
    assertThat(ShownText.lines("pay the invoice", 10)).containsExactly("pay the ", "invoice");
    assertThat(ShownText.lines("to extraordinarily x", 8))
        .containsExactly("to ", "extraord", "inarily ", "x");
    assertThat(ShownText.lines("ab cd ef", 5)).containsExactly("ab ", "cd ef");
    assertThat(String.join("", ShownText.lines("a bc d efg hi", 4))).isEqualTo("a bc d efg hi");
  }
}
