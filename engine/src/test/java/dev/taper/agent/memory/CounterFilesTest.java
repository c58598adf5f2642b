package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.testing.FilledPipe;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counters are files that were found in a folder. */
class CounterFilesTest {
  @TempDir private Path folder;

  @Test
  void read_aPipe_isRefused() throws Exception {
    String counter = "ab".repeat(32);
    String line = "taper/1 budget user:alice@acme.com authority 0 0";
    FilledPipe.with(
        folder.resolve(counter),
        line,
        () -> {
          assertThatThrownBy(() -> new CounterFiles(folder).read(counter))
              .isInstanceOf(IOException.class)
              .hasMessageContaining("not a regular file");
        });
  }
}
