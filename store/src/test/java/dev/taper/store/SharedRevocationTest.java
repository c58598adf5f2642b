package dev.taper.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
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
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes, one PostgreSQL server, which is then stopped; one that was given loses its
 * database.
 */
class SharedRevocationTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final Duration LONG = Duration.ofHours(1);

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

  /**
   * What a verifier answers.
   *
   * @param fetches how many times it had begun to fetch the list before it decided
   */
  private record Answer(long fetches, String decision) {
    static Answer of(Child verifier, String token) {
      String[] parts = verifier.ask(token).split(" ", 2);
      return new Answer(Long.parseLong(parts[0]), parts[1]);
    }
  }

  private static void assertAnswer(String expected, Child verifier, String token) {
    assertThat(Answer.of(verifier, token).decision()).isEqualTo(expected);
  }

  /** Waits until the verifier answers so. */
  private static void until(String decision, Child verifier, String token)
      throws InterruptedException {
    while (!Answer.of(verifier, token).decision().equals(decision)) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  /** The next fetch brings what is in the database, and there is no call later that it allows. */
  private static void assertRevokedByTheNextFetch(Child verifier, String token)
      throws InterruptedException {
    Answer answer = Answer.of(verifier, token);
    long known = answer.fetches();
    while (!answer.decision().equals("revoked")) {
      assertThat(answer.fetches()).as("the fetch after %d is over", known).isLessThan(known + 2);
      TimeUnit.MILLISECONDS.sleep(1);
      answer = Answer.of(verifier, token);
    }
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
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
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
          until("allowed", verifier, good);
          for (int i = 0; i < 5; i++) {
            String token = sealed("T-" + i);
            assertAnswer("allowed", verifier, token);
            revocations.enter(
                List.of(
                    RevocationEntry.forever(
                        RevocationEntry.Kind.TASK, Fingerprint.ofTask("T-" + i))));
            revocations.sign(signer, new RevocationIssuer.Horizon(LONG, LONG));
            assertRevokedByTheNextFetch(verifier, token);
          }

          takeAway(server, address);
          String revoked = sealed("T-4");
          until("revoked without the database", verifier, revoked);
          assertAnswer("allowed without the database", verifier, good);
        }
      }
      try (Child newcomer = verifier(address)) {
        assertAnswer("revocation_unavailable without the database", newcomer, good);
      }
    } finally {
      takeAway(server, address);
    }
  }
}
