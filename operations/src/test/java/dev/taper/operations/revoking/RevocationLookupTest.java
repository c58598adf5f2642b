package dev.taper.operations.revoking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationFile;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.revocation.RevocationIssuer.Horizon;
import dev.taper.testing.SettableClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lists say of one thing, where it was revoked more than once. */
class RevocationLookupTest {
  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
  private static final Revocable TASK = Revocable.task("T-1");

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock(NOON);
  private final PrivateKey one = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey two = PrivateKey.generate(Algorithm.ED25519);

  private void revoke(String file, PrivateKey key, @Nullable Instant until) throws IOException {
    RevocationEntry entry = until == null ? TASK.entry() : TASK.until(until).entry();
    var unused =
        RevocationFile.of(folder.resolve(file), clock)
            .revoke(RevocationIssuer.of(key), List.of(entry), Horizon.KEPT);
    clock.forward(Duration.ofSeconds(1));
  }

  private void lift(String file, PrivateKey key) throws IOException {
    var unused =
        RevocationFile.of(folder.resolve(file), clock)
            .lift(RevocationIssuer.of(key), TASK.entry().fingerprint(), "a mistake", Horizon.KEPT);
    clock.forward(Duration.ofSeconds(1));
  }

  private byte[] bytes(String file) throws IOException {
    return Files.readAllBytes(folder.resolve(file));
  }

  private RevocationLookup.Answer ask(String file) {
    ListReader list =
        new ListReader(
            new Workplace(folder, clock),
            new Place.File(file),
            List.of(one.publicKey(), two.publicKey()),
            null);
    return RevocationLookup.of(List.of(TASK)).ask(list, null, clock.instant()).get(0);
  }

  /** None can lift what another revoked. */
  @Test
  void liftedByOneOfTwo_isRevokedByTheOther() throws IOException {
    revoke("one", one, null);
    byte[] first = bytes("one");
    revoke("two", two, null);
    lift("one", one);
    byte[] all = bytes("one");
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.write(first);
    both.write(bytes("two"));
    both.write(Arrays.copyOfRange(all, first.length, all.length));
    Files.write(folder.resolve("both"), both.toByteArray());

    RevocationLookup.Answer answer = ask("both");

    assertThat(answer.isRevoked()).isTrue();
    assertThat(answer.listed().issuer()).isEqualTo(two.publicKey());
    assertThat(ask("one").isRevoked()).isFalse();
    assertThat(ask("one").listed().lifted()).isEqualTo("a mistake");
  }

  @Test
  void revokedForLongerLater_isRevokedUntilThen() throws IOException {
    revoke("one", one, NOON.plusSeconds(60));
    revoke("one", one, null);
    clock.forward(Duration.ofHours(1));

    RevocationLookup.Answer answer = ask("one");

    assertThat(answer.isRevoked()).isTrue();
    assertThat(answer.listed().sequence()).isEqualTo(1);
    assertThat(answer.listed().entry().until()).isNull();
  }

  @Test
  void endedByOneOfTwo_isRevokedByTheOther() throws IOException {
    revoke("one", one, NOON.plusSeconds(60));
    revoke("two", two, NOON.plusSeconds(7200));
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.write(bytes("one"));
    both.write(bytes("two"));
    Files.write(folder.resolve("both"), both.toByteArray());
    clock.forward(Duration.ofHours(1));

    assertThat(ask("both").isRevoked()).isTrue();
    assertThat(ask("both").listed().issuer()).isEqualTo(two.publicKey());
    clock.forward(Duration.ofHours(2));
    assertThat(ask("both").isRevoked()).isFalse();
  }

  @Test
  void liftedAndRevokedAnew_isRevokedSinceThen() throws IOException {
    revoke("one", one, null);
    lift("one", one);
    revoke("one", one, null);

    assertThat(ask("one").isRevoked()).isTrue();
    assertThat(ask("one").listed().sequence()).isEqualTo(3);
  }
}
