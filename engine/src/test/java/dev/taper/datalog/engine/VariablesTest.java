package dev.taper.datalog.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VariablesTest {
  @Test
  void find_fewOrManyNames_slotsInOrder() {
    Variables variables = new Variables();
    for (int i = 0; i < 40; i++) {
      assertThat(variables.find("v" + i)).isEqualTo(-1);
      assertThat(variables.add("v" + i)).isEqualTo(i);
      for (int k = 0; k <= i; k++) {
        assertThat(variables.find("v" + k)).isEqualTo(k);
      }
    }
    assertThat(variables.size()).isEqualTo(40);
  }

  @Test
  void removeLast_fewOrManyNames_slotFreeAgain() {
    Variables variables = new Variables();
    for (int i = 0; i < 20; i++) {
      variables.add("parameter");
      variables.removeLast();
      assertThat(variables.find("parameter")).isEqualTo(-1);
      assertThat(variables.add("v" + i)).isEqualTo(i);
    }
  }

  @Test
  void removeLast_downFromMany_othersStay() {
    Variables variables = new Variables();
    for (int i = 0; i < 10; i++) {
      variables.add("v" + i);
    }
    for (int i = 9; i >= 1; i--) {
      variables.removeLast();
      assertThat(variables.find("v" + i)).isEqualTo(-1);
      assertThat(variables.find("v" + (i - 1))).isEqualTo(i - 1);
    }
  }
}
