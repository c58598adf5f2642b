package dev.taper.server.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskViewTest {
  /** Who makes very many calls hides none of the others'. */
  @ParameterizedTest
  @CsvSource({
    "100, '', 100",
    "100, 40 60, 100",
    "100, 5000, 100",
    "100, 20000 3 1, 96",
    "100, 5000 5000 10, 45",
    "100, 60 60, 50",
    "2, 9 9 9, 0",
  })
  void part_ofSomeLists_isAllOfTheShortOnes(int most, String sizes, int part) {
    int[] lists = Arrays.stream(sizes.split(" ")).mapToInt(TaskViewTest::size).toArray();

    assertThat(TaskView.part(most, IntStream.of(lists))).isEqualTo(part);
    assertThat(IntStream.of(lists).map(size -> Math.min(size, part)).sum())
        .isLessThanOrEqualTo(most);
  }

  private static int size(String text) {
    return text.isEmpty() ? 0 : Integer.parseInt(text);
  }
}
