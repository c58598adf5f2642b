package dev.taper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.testing.faults.Faults;
import dev.taper.testing.faults.Faults.Acknowledged;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are written as a whole, while their disk fails: the old one is there, or the new. */
class WholeFileFaultsTest {
  private static final byte[] NEW = "new ".repeat(100).getBytes(StandardCharsets.UTF_8);
  private static final byte[] OLD = "old".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;

  @Test
  void replace_whileTheDiskFails_isDoneOrNot() throws IOException {
    int runs =
        Faults.enumerate(
            folder,
            new Faults.Writer() {
              @Override
              public void prepare(Path in) throws IOException {
                WholeFile.replace(in.resolve("file"), OLD);
              }

              @Override
              public void write(Path in, Acknowledged acknowledged) throws IOException {
                WholeFile.replace(in.resolve("file"), NEW);
                acknowledged.step();
              }

              @Override
              public void check(Path in, int acknowledged) throws IOException {
                byte[] found = Files.readAllBytes(in.resolve("file"));
                assertThat(found).isIn(NEW, acknowledged == 1 ? NEW : OLD);
                WholeFile.replace(in.resolve("file"), NEW);
                assertThat(in.resolve("file")).hasBinaryContent(NEW);
              }
            });
    assertThat(runs).isEqualTo(4 * 5); // make, write, force, rename, force the folder
  }

  @Test
  void create_whileTheDiskFails_isNeverThereByHalfWhereTheProcessLives() throws IOException {
    Faults.enumerate(
        folder,
        new Faults.Writer() {
          private boolean isDead;

          @Override
          public void write(Path in, Acknowledged acknowledged) throws IOException {
            isDead = false;
            try {
              WholeFile.create(in.resolve("file"), NEW);
            } catch (IOException e) {
              isDead = Files.exists(in.resolve("file"));
              throw e;
            }
            acknowledged.step();
          }

          @Override
          public void check(Path in, int acknowledged) throws IOException {
            Path file = in.resolve("file");
            if (acknowledged == 1) {
              assertThat(file).hasBinaryContent(NEW);
            } else if (!isDead) {
              assertThat(file).doesNotExist();
            }
            Files.deleteIfExists(file);
            WholeFile.create(file, NEW);
            assertThat(file).hasBinaryContent(NEW);
          }
        });
  }
}
