package dev.taper.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedDataTest {
  @Test
  void evaluate_folderMissing_disabledUnlessCi(@TempDir Path folder) {
    Path missing = folder.resolve("missing");

    assertThat(SharedDataCondition.evaluate(missing, null, "x").isDisabled()).isTrue();
    assertThat(SharedDataCondition.evaluate(missing, null, "x").getReason().orElseThrow())
        .contains(missing.toString(), "x", SharedData.PROPERTY);
    assertThat(SharedDataCondition.evaluate(missing, "true", "x").isDisabled()).isFalse();
    assertThat(SharedDataCondition.evaluate(folder, null, "x").isDisabled()).isFalse();
  }

  @Test
  void path_missingFile_fails() {
    assertThatThrownBy(() -> SharedData.path("no-such-folder", "no-such-file"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("no-such-file");
  }
}
