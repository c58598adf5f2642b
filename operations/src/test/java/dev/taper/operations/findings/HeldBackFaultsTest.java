package dev.taper.operations.findings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.testing.faults.Faults;
import dev.taper.testing.faults.Faults.Acknowledged;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of keys that are held back, while its disk fails. */
class HeldBackFaultsTest {
  private static final String ONE = PrivateKey.generate(Algorithm.ED25519).publicKey().toString();
  private static final String OTHER = PrivateKey.generate(Algorithm.ED25519).publicKey().toString();

  @TempDir private Path folder;

  @Test
  void add_whileTheDiskFails_keepsWhatWasAcknowledged() throws IOException {
    Faults.enumerate(
        folder,
        new Faults.Writer() {
          @Override
          public void write(Path in, Acknowledged acknowledged) {
            HeldBack held = new HeldBack(in.resolve("held"));
            for (String key : List.of(ONE, OTHER)) {
              assertThat(held.add(HeldEntry.read(key + " too many calls"))).isTrue();
              acknowledged.step();
            }
            assertThat(held.remove(Set.of(ONE))).isTrue();
            acknowledged.step();
          }

          @Override
          public void check(Path in, int acknowledged) {
            Set<String> keys = new HeldBack(in.resolve("held")).keys();
            if (acknowledged == 1) {
              assertThat(keys).contains(ONE);
            } else if (acknowledged > 1) {
              assertThat(keys).contains(OTHER);
            }
            assertThat(keys.contains(ONE) && acknowledged == 3).isFalse();
            HeldBack again = new HeldBack(in.resolve("held"));
            again.remove(Set.of(ONE));
            again.remove(Set.of(OTHER));
            assertThat(again.add(HeldEntry.read(ONE + " "))).isTrue();
            assertThat(new HeldBack(in.resolve("held")).keys()).containsExactly(ONE);
          }
        });
  }
}
