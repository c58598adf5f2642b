package dev.taper.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Ask;
import dev.taper.agent.approval.Asks.Kept;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditVerifier;
import dev.taper.audit.LogVerification;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.testing.TearDown;
import dev.taper.testing.faults.Faults.Acknowledged;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores in a database of which a statement fails. */
class SqlFaultsTest {
  private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final MemoryShare SHARE = MemoryShare.of("user:alice", new byte[] {1});

  @TempDir private Path folder;
  private FaultyDatabase database;

  @BeforeEach
  void open() {
    database = new FaultyDatabase(folder);
  }

  @AfterEach
  void close() throws Exception {
    TearDown.close(database);
  }

  private static String id(int kind, int run) {
    HexFormat hex = HexFormat.of();
    return (hex.toHexDigits(kind) + hex.toHexDigits(run)).repeat(4);
  }

  /** A proof, a charge and an approval of a call. */
  private static final class Call implements FaultyDatabase.Writer {
    @Override
    public void write(Database in, int run, Acknowledged acknowledged) {
      ReplayMemory.Use proof = new ReplayMemory.Use(id(1, run), NOW, NOW.plusSeconds(60));
      ReplayMemory.Joined.Answer answer =
          new SqlMemories(in)
              .take(proof, List.of(charge(run, 3)), List.of(approval(run)), SHARE, NOW);
      assertThat(answer.replayed()).isFalse();
      acknowledged.step();
    }

    private static Budgets.Charge charge(int run, long amount) {
      return new Budgets.Charge(id(2, run), amount, 10, null);
    }

    private static ApprovalUses.Use approval(int run) {
      return ApprovalUses.Use.once(id(3, run), NOW.plusSeconds(60));
    }

    @Override
    public void check(Database in, int run, int acknowledged) {
      SqlMemories memories = new SqlMemories(in);
      Budgets.Exhausted left =
          Objects.requireNonNull(memories.budgets().look(List.of(charge(run, 11)), NOW));
      boolean isTaken = acknowledged == 1 || left.left() == 7;
      assertThat(left.left()).isEqualTo(isTaken ? 7 : 10);
      ReplayMemory.Use proof = new ReplayMemory.Use(id(1, run), NOW, NOW.plusSeconds(60));
      assertThat(memories.claim(proof, SHARE, NOW)).isEqualTo(!isTaken);
      Set<ApprovalUses.Use> used =
          memories.approvalUses().claim(List.of(approval(run)), SHARE, NOW);
      assertThat(used.isEmpty()).isEqualTo(!isTaken);
    }
  }

  @Test
  void take_whileAStatementFails_takesAllOrNothing() throws SQLException {
    assertThat(database.enumerate(new Call())).isGreaterThan(20);
  }

  @Test
  void append_whileAStatementFails_keepsWhatWasAcknowledged() throws SQLException {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    int runs =
        database.enumerate(
            new FaultyDatabase.Writer() {
              @Override
              public void write(Database in, int run, Acknowledged acknowledged) {
                try (AuditLog log =
                    AuditLog.on(new SqlAuditSink(in), key)
                        .clock(CLOCK)
                        .patience(Duration.ofMinutes(1))
                        .open()) {
                  log.append(AuditEvent.of(AuditKind.TASK_END, NOW).task("T-" + run));
                  acknowledged.step();
                }
              }

              @Override
              public void check(Database in, int run, int acknowledged) {
                List<String> tasks = new ArrayList<>();
                LogVerification found =
                    AuditVerifier.trusting(List.of(key.publicKey()))
                        .verify(
                            new SqlAuditSink(in),
                            record -> {
                              if (record.content() instanceof AuditEvent event) {
                                tasks.add(String.valueOf(event.task()));
                              }
                            });
                boolean isEmpty = new SqlAuditSink(in).last() == null;
                assertThat(found.consistent()).isEqualTo(!isEmpty);
                assertThat(tasks.contains("T-" + run)).isIn(true, acknowledged == 1);
                assertThat(tasks).doesNotHaveDuplicates();
              }
            });
    assertThat(runs).isGreaterThan(10);
  }

  @Test
  void revoke_whileAStatementFails_keepsWhatWasAcknowledged() throws SQLException {
    RevocationIssuer issuer = RevocationIssuer.of(PrivateKey.generate(Algorithm.ED25519));
    RevocationIssuer.Horizon horizon =
        new RevocationIssuer.Horizon(Duration.ofMinutes(10), Duration.ofMinutes(30));
    int runs =
        database.enumerate(
            new FaultyDatabase.Writer() {
              @Override
              public void write(Database in, int run, Acknowledged acknowledged) {
                SqlRevocations revocations = new SqlRevocations(in, CLOCK);
                int entered = revocations.enter(List.of(task("T-" + run), task("U-" + run)));
                assertThat(entered).isEqualTo(2);
                acknowledged.step();
                long number = revocations.sign(issuer, horizon).sequence();
                assertThat(number).isPositive();
                acknowledged.step();
              }

              private RevocationEntry task(String name) {
                return RevocationEntry.forever(RevocationEntry.Kind.TASK, Fingerprint.ofTask(name));
              }

              @Override
              public void check(Database in, int run, int acknowledged) {
                SqlRevocations revocations = new SqlRevocations(in, CLOCK);
                List<Fingerprint> both =
                    List.of(Fingerprint.ofTask("T-" + run), Fingerprint.ofTask("U-" + run));
                List<Fingerprint> revoked = revocations.revoked(both);
                assertThat(revoked).hasSize(acknowledged > 0 || !revoked.isEmpty() ? 2 : 0);
                if (acknowledged == 2) {
                  assertThat(revocations.hasUnsigned()).isFalse();
                }
              }
            });
    assertThat(runs).isGreaterThan(20);
  }

  @Test
  void ask_whileAStatementFails_isKeptAndChangedOrNot() throws SQLException {
    int runs =
        database.enumerate(
            new FaultyDatabase.Writer() {
              private Ask ask(int run, String content, int revision) {
                return new Ask(id(4, run), SHARE, NOW.plusSeconds(60), content, revision);
              }

              @Override
              public void write(Database in, int run, Acknowledged acknowledged) {
                SqlAsks asks = new SqlAsks(in);
                assertThat(asks.add(ask(run, "open", 1), NOW)).isEqualTo(Kept.YES);
                acknowledged.step();
                assertThat(asks.replace(ask(run, "approved", 2), NOW)).isEqualTo(Kept.YES);
                acknowledged.step();
              }

              @Override
              public void check(Database in, int run, int acknowledged) {
                Ask found = new SqlAsks(in).find(id(4, run), NOW);
                String content = found == null ? "none" : found.content();
                List<String> states = List.of("none", "open", "approved");
                assertThat(content)
                    .isIn(states.get(acknowledged), states.get(Math.min(2, acknowledged + 1)));
              }
            });
    assertThat(runs).isGreaterThan(10);
  }
}
