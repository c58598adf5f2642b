package dev.taper.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTextTest {
  @ParameterizedTest
  @CsvSource({
    "0x1b, \\u{1b}", // escape: starts every terminal sequence
    "0x07, \\u{7}", // bell: ends one
    "0x08, \\u{8}", // backspace
    "0x0a, \\n",
    "0x0d, \\r", // overwrites the line
    "0x09, \\t",
    "0x00, \\u{0}",
    "0x7f, \\u{7f}",
    "0x9b, \\u{9b}", // the one-character form of escape [
    "0x202e, \\u{202e}", // right-to-left override
    "0x2066, \\u{2066}", // isolate
    "0x200b, \\u{200b}", // zero width space
    "0x2028, \\u{2028}", // line separator
    "0xfeff, \\u{feff}",
    "0xe0041, \\u{e0041}" // tag character, outside the basic plane
  })
  void line_unsafeCharacter_isEscaped(String point, String expected) {
    String text = "a" + Character.toString(Integer.decode(point)) + "b";

    assertThat(SafeText.line(text)).isEqualTo("a" + expected + "b");
  }

  @Test
  void line_loneSurrogate_isEscaped() {
    assertThat(SafeText.line("a\ud800b")).isEqualTo("a\\u{d800}b");
  }

  @Test
  void line_ordinaryText_isUnchanged() {
    String text = "right(\"grüße/日本/😀\", 1) \\ ~";

    assertThat(SafeText.line(text)).isEqualTo(text);
  }

  @Test
  void lines_severalLines_keepsOnlyLineFeeds() {
    assertThat(SafeText.lines("a\u001b[2J\nb\r\n")).isEqualTo("a\\u{1b}[2J\nb\\r\n");
  }
}
