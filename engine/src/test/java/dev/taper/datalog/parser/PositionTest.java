package dev.taper.datalog.parser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is shown of a line is what stands there, and the caret points at its place. */
class PositionTest {
  /** A line without two equal characters, each of two UTF-16 units. */
  private static String line(int length) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < length; i++) {
      line.appendCodePoint(0x20000 + i);
    }
    return line.toString();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 60, 61, 99, 100, 101, 102, 161, 300})
  void of_everyPlaceOfALine_isWithinAWindowAroundIt(int length) {
    String line = line(length);
    String source = "first\r\n" + line + "\r\nlast";
    for (int i = 0; i <= length; i++) {
      Position position = Position.of(source, 7 + 2 * i);
      assertThat(position.line()).isEqualTo(2);
      assertThat(position.column()).isEqualTo(i + 1);

      int skipped = length <= 100 ? 0 : Math.max(0, i - 60);
      int end = Math.min(length, skipped + 100);
      String window = line.substring(2 * skipped, 2 * end);
      assertThat(position.sourceLine())
          .isEqualTo((skipped > 0 ? "…" : "") + window + (end < length ? "…" : ""));
      assertThat(position.indent()).isEqualTo(i - skipped + (skipped > 0 ? 1 : 0));
    }
  }

  @Test
  void of_placeAfterTheLastCharacter_isInTheLastLine() {
    assertThat(Position.of("", 0)).isEqualTo(new Position(1, 1, "", 0));
    assertThat(Position.of("a", 1)).isEqualTo(new Position(1, 2, "a", 1));
    assertThat(Position.of("a\n", 1)).isEqualTo(new Position(1, 2, "a", 1));
    assertThat(Position.of("a\n", 2)).isEqualTo(new Position(2, 1, "", 0));
    assertThat(Position.of("\n\nb", 1)).isEqualTo(new Position(2, 1, "", 0));
    assertThat(Position.of("a\r\nb", 1)).isEqualTo(new Position(1, 2, "a", 1));
    assertThat(Position.of("\r\nb", 0)).isEqualTo(new Position(1, 1, "", 0));
  }

  @Test
  void of_charactersThatATerminalActsOn_areReplaced() {
    assertThat(Position.of("a\t\u001b[2J\u202eb\rc", 0).sourceLine())
        .isEqualTo("a \uFFFD[2J\uFFFDb\uFFFDc");
  }

  @Test
  void carets_count_isAtLeastOneAndWithinTheLine() {
    Position position = Position.of("abcdef\n", 2);
    assertThat(position.carets(0)).isEqualTo("  ^");
    assertThat(position.carets(3)).isEqualTo("  ^^^");
    assertThat(position.carets(4)).isEqualTo("  ^^^^");
    assertThat(position.carets(5)).isEqualTo("  ^^^^");
    assertThat(Position.of("ab", 2).carets(1)).isEqualTo("  ^");
  }
}
