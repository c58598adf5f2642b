package dev.taper.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GoalTest {
  @Test
  void judge_atMost_holdsUpToTheBoundItself() {
    assertThat(Goal.atMost(1.1).judge(1.1)).isEqualTo(GoalResult.HOLDS);
    assertThat(Goal.atMost(1.1).judge(0.2)).isEqualTo(GoalResult.HOLDS);
    assertThat(Goal.atMost(1.1).judge(1.1000001)).isEqualTo(GoalResult.MISSES);
  }

  @Test
  void judge_atLeast_holdsFromTheBoundItself() {
    assertThat(Goal.atLeast(15).judge(15)).isEqualTo(GoalResult.HOLDS);
    assertThat(Goal.atLeast(15).judge(300)).isEqualTo(GoalResult.HOLDS);
    assertThat(Goal.atLeast(15).judge(14.9999999)).isEqualTo(GoalResult.MISSES);
  }

  @Test
  void judge_noNumber_misses() {
    assertThat(Goal.atMost(1).judge(Double.NaN)).isEqualTo(GoalResult.MISSES);
    assertThat(Goal.atLeast(1).judge(Double.NaN)).isEqualTo(GoalResult.MISSES);
  }

  @Test
  void judge_withoutGoal_onlyInforms() {
    assertThat(Goal.NONE.judge(3)).isEqualTo(GoalResult.INFORMS);
  }

  @Test
  void toString_bound_isAsShortAsItIsExact() {
    assertThat(Goal.atMost(1.10)).hasToString("<=1.1");
    assertThat(Goal.atLeast(200)).hasToString(">=200");
    assertThat(Goal.NONE).hasToString("-");
  }
}
