package dev.taper.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.Agent;
import dev.taper.agent.Delegation;
import dev.taper.agent.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.testing.Child;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes, one PostgreSQL server, which is then stopped; one that was given loses its
 * database.
 */
class SharedRevocationTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration AT_MOST = Duration.ofSeconds(1);

  @TempDir Path folder;
  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey issuer = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);

  private String sealed(String task) {
    return Issuer.of(root)
        .mint(
            Delegation.by("user:alice@acme.com")
                .to(Agent.of("agent:planner", planner.publicKey()))
                .task(task)
                .grant("jira.*")
                .expiresIn(LONG))
        .seal(planner)
        .encodeBase64();
  }

  private Child verifier(String address) {
    return new Child(
        VerifierProcess.class, address, issuer.publicKey().toString(), root.publicKey().toString());
  }

  /** Waits until the verifier answers so; how long it took since the start. */
  private static Duration until(String answer, Child verifier, String token, long start) {
    long end = start + Duration.ofSeconds(60).toNanos();
    while (!verifier.ask(token).equals(answer)) {
      assertThat(System.nanoTime()).as(answer).isLessThan(end);
      Thread.onSpinWait();
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static void takeAway(@Nullable EmbeddedPostgres server, String address)
      throws IOException {
    if (server == null) {
      TestDatabase.drop(address);
    } else {
      server.close();
    }
  }

  @Test
  void revocationByOneProcess_isRefusedByTheOther_alsoWhenTheDatabaseIsGone() throws Exception {
    EmbeddedPostgres server =
        TestDatabase.serverIsGiven() ? null : EmbeddedPostgres.builder().start();
    String address =
        server == null
            ? TestDatabase.POSTGRESQL.create(folder)
            : server.getJdbcUrl("postgres", "postgres");
    try {
      String good = sealed("T-good");
      try (Database database = Database.open(address, folder)) {
        SqlRevocations revocations = new SqlRevocations(database, CLOCK);
        RevocationIssuer signer = RevocationIssuer.of(issuer);
        revocations.sign(signer, new RevocationIssuer.Horizon(LONG, LONG));
        try (Child verifier = verifier(address)) {
          until("allowed", verifier, good, System.nanoTime());
          List<Duration> delays = new ArrayList<>();
          for (int i = 0; i < 5; i++) {
            String token = sealed("T-" + i);
            assertThat(verifier.ask(token)).isEqualTo("allowed");
            long start = System.nanoTime();
            revocations.enter(
                List.of(
                    RevocationEntry.forever(
                        RevocationEntry.Kind.TASK, Fingerprint.ofTask("T-" + i))));
            revocations.sign(signer, new RevocationIssuer.Horizon(LONG, LONG));
            Duration delay = until("revoked", verifier, token, start);
            System.out.println("refused by the other process after " + delay.toMillis() + " ms");
            delays.add(delay);
          }
          Collections.sort(delays);
          // The median, because a busy machine may stop either process for a while.
          assertThat(delays.get(2)).isLessThan(AT_MOST);

          takeAway(server, address);
          String revoked = sealed("T-4");
          until("revoked without the database", verifier, revoked, System.nanoTime());
          assertThat(verifier.ask(good)).isEqualTo("allowed without the database");
        }
      }
      try (Child newcomer = verifier(address)) {
        assertThat(newcomer.ask(good)).isEqualTo("revocation_unavailable without the database");
      }
    } finally {
      takeAway(server, address);
    }
  }
}
