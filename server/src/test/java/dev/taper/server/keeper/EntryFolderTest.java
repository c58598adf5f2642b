package dev.taper.server.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.operations.OperationException;
import dev.taper.testing.FilledPipe;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Entries are files that were found in a folder. */
class EntryFolderTest {
  @TempDir private Path folder;

  @Test
  void read_aPipeOrALinkAmongTheEntries_isRefused() throws Exception {
    Path kept = folder.resolve("kept");
    EntryFolder entries = EntryFolder.open(kept);
    entries.write("one", "{}");
    assertThat(entries.read()).containsOnlyKeys("one");
    Path pipe = kept.resolve("two.json");
    FilledPipe.with(
        pipe,
        "{}",
        () -> {
          refuses(entries);
        });
    Files.delete(pipe);
    Files.createSymbolicLink(pipe, kept.resolve("one.json"));
    refuses(entries);
  }

  private static void refuses(EntryFolder entries) {
    assertThatThrownBy(entries::read)
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("not a regular file");
  }
}
