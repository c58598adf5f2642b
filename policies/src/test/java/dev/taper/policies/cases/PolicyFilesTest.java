package dev.taper.policies.cases;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.TaperException;
import dev.taper.testing.FilledPipe;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies are files that were found in folders. */
class PolicyFilesTest {
  @TempDir private Path folder;

  @Test
  void find_aPipeInAFolder_isRefused() throws Exception {
    Path pipe = folder.resolve("some" + PolicyFiles.POLICY);
    FilledPipe.with(
        pipe,
        "allow if true;",
        () -> {
          assertThatThrownBy(() -> PolicyFiles.find(List.of(folder)))
              .isInstanceOf(TaperException.class)
              .hasMessageContaining("not a regular file");
        });
  }
}
