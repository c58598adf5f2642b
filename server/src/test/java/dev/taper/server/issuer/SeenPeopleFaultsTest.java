package dev.taper.server.issuer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.server.oidc.Subject;
import dev.taper.testing.faults.Faults;
import dev.taper.testing.faults.Faults.Acknowledged;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an issuer remembers of people, while its disk fails: roles of before never come back. */
class SeenPeopleFaultsTest {
  private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
  private static final String ALICE = "user:alice@acme.com";

  @TempDir private Path folder;

  private static Person alice(String role) {
    return new Person(new Subject("https://login.acme.com", "2482"), ALICE, Set.of(role), Map.of());
  }

  @Test
  void put_whileTheDiskFails_keepsWhatWasAcknowledged() throws IOException {
    Faults.enumerate(
        folder,
        new Faults.Writer() {
          @Override
          public void prepare(Path in) {
            SeenPeople.inFolder(in).put(alice("0"), NOW);
          }

          @Override
          public void write(Path in, Acknowledged acknowledged) {
            SeenPeople seen = SeenPeople.inFolder(in);
            for (int step = 1; step < 3; step++) {
              seen.put(alice(String.valueOf(step)), NOW.plusSeconds(step));
              acknowledged.step();
            }
          }

          @Override
          public void check(Path in, int acknowledged) {
            Person found = Objects.requireNonNull(SeenPeople.inFolder(in).get(ALICE));
            assertThat(Integer.parseInt(found.roles().iterator().next()))
                .isBetween(acknowledged, Math.min(2, acknowledged + 1));
            SeenPeople.inFolder(in).put(alice("9"), NOW.plusSeconds(9));
            assertThat(SeenPeople.inFolder(in).get(ALICE)).isEqualTo(alice("9"));
          }
        });
  }
}
