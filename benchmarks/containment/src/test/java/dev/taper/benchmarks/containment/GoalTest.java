package dev.taper.benchmarks.containment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GoalTest {
  private static List<Boolean> holds(int kept, int contained, int asked) {
    return Goal.of(
            List.of(
                new Row("x", GrantStyle.BY_ARGUMENT, 97, kept, 929, 0, 0, 0, 0, 0, 0),
                new Row("x", GrantStyle.WITH_APPROVALS, 97, 0, 929, contained, 0, asked, 0, 0, 0)))
        .stream()
        .map(Goal::holds)
        .toList();
  }

  @Test
  void holds_atTheBound_isTrue() {
    assertThat(holds(94, 920, 100)).containsExactly(true, true, true);
  }

  @Test
  void holds_onePast_isFalse() {
    assertThat(holds(93, 919, 101)).containsExactly(false, false, false);
  }
}
