package dev.taper.server.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.testing.faults.Faults;
import dev.taper.testing.faults.Faults.Acknowledged;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that agents hand to each other, while their disk fails. */
class OwnFolderFaultsTest {
  private static final byte[] TOKEN = "token ".repeat(40).getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;

  @Test
  void put_whileTheDiskFails_isWholeOrNotThere() throws IOException {
    Faults.enumerate(
        folder,
        new Faults.Writer() {
          @Override
          public void write(Path in, Acknowledged acknowledged) throws IOException {
            OwnFolder.of(in.resolve("handed")).put("one.token", TOKEN);
            acknowledged.step();
          }

          @Override
          public void check(Path in, int acknowledged) throws IOException {
            OwnFolder own = OwnFolder.of(in.resolve("handed"));
            assertThat(own.files(".token")).hasSizeBetween(acknowledged, 1);
            for (Path file : own.files(".token")) {
              assertThat(Files.readAllBytes(file)).isEqualTo(TOKEN);
            }
            own.put("one.token", TOKEN);
            assertThat(own.files(".token")).hasSize(1);
          }
        });
  }
}
