package dev.taper.datalog.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceLinesTest {
  private static final String[] PIECES = {
    "a", "\n", "\r\n", "ä", "\uD83D\uDE00", "\uD83D", "\uDE00"
  };

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "\n",
        "a\nb",
        "\n\n",
        "\uD83D\uDE00b\n\uD83D\uDE00",
        "\uDE00\uD83D",
        "ab\n"
      })
  void lineAndColumn_everyPlace_areWherePositionFindsThem(String source) {
    assertPlaces(source);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void lineAndColumn_everyPlaceOfAnySource_areWherePositionFindsThem(int seed) {
    Random random = new Random(seed);
    StringBuilder source = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      source.append(PIECES[random.nextInt(PIECES.length)]);
    }
    assertPlaces(source.toString());
  }

  private static void assertPlaces(String source) {
    SourceLines lines = new SourceLines(source);
    for (int offset = 0; offset <= source.length(); offset++) {
      if (offset > 0
          && offset < source.length()
          && Character.isSurrogatePair(source.charAt(offset - 1), source.charAt(offset))) {
        continue; // nothing begins within a character
      }
      Position position = Position.of(source, offset);
      assertThat(lines.line(offset)).as("line of %d", offset).isEqualTo(position.line());
      assertThat(lines.column(offset)).as("column of %d", offset).isEqualTo(position.column());
    }
  }
}
