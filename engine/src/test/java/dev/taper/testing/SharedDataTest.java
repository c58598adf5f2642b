package dev.taper.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SharedDataTest {
  @Test
  void evaluate_folderMissing_disabledUnlessDemanded() {
    assertThat(SharedDataCondition.evaluate(false, false, "x").isDisabled()).isTrue();
    assertThat(SharedDataCondition.evaluate(false, false, "x").getReason())
        .hasValue("x is missing");
    assertThat(SharedDataCondition.evaluate(false, true, "x").isDisabled()).isFalse();
    assertThat(SharedDataCondition.evaluate(true, false, "x").isDisabled()).isFalse();
  }

  @Test
  void path_missingFile_fails() {
    assertThatThrownBy(() -> SharedData.path("no-such-folder", "no-such-file"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("no-such-file");
  }
}
