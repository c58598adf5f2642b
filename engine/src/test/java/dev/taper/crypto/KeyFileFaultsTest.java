package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.testing.faults.Faults;
import dev.taper.testing.faults.Faults.Acknowledged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A key's file, while its disk fails: who was told that it is there finds it. */
class KeyFileFaultsTest {
  @TempDir private Path folder;

  @Test
  void save_whileTheDiskFails_isThereIfThatWasSaid() throws IOException {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    Faults.enumerate(
        folder,
        new Faults.Writer() {
          @Override
          public void write(Path in, Acknowledged acknowledged) {
            key.save(in.resolve("root.key"));
            acknowledged.step();
          }

          @Override
          public void check(Path in, int acknowledged) throws IOException {
            Path file = in.resolve("root.key");
            if (acknowledged == 1) {
              assertThat(PrivateKey.load(file).publicKey()).isEqualTo(key.publicKey());
              return;
            }
            Files.deleteIfExists(file); // as who was told that it failed has to
            key.save(file);
            assertThat(PrivateKey.load(file).publicKey()).isEqualTo(key.publicKey());
          }
        });
  }
}
