package dev.taper.server.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.testing.faults.Faults;
import dev.taper.testing.faults.Faults.Acknowledged;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a keeper keeps, while its disk fails. */
class EntryFolderFaultsTest {
  @TempDir private Path folder;

  @Test
  void writeAndDelete_whileTheDiskFails_keepWhatWasAcknowledged() throws IOException {
    int runs =
        Faults.enumerate(
            folder,
            new Faults.Writer() {
              @Override
              public void write(Path in, Acknowledged acknowledged) {
                EntryFolder entries = EntryFolder.open(in.resolve("keys"));
                entries.write("a", "{\"n\":1}");
                acknowledged.step();
                entries.write("a", "{\"n\":2}");
                acknowledged.step();
                entries.delete("a");
                acknowledged.step();
              }

              @Override
              public void check(Path in, int acknowledged) {
                EntryFolder entries = EntryFolder.open(in.resolve("keys"));
                String found = entries.read().getOrDefault("a", "none");
                String[] states = {"none", "{\"n\":1}", "{\"n\":2}", "none"};
                assertThat(found).isIn(states[acknowledged], states[Math.min(3, acknowledged + 1)]);
                entries.write("b", "{}");
                SortedMap<String, String> all = EntryFolder.open(in.resolve("keys")).read();
                assertThat(all).containsEntry("b", "{}");
              }
            });
    assertThat(runs).isGreaterThan(40);
  }
}
