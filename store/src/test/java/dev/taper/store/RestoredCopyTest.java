package dev.taper.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditRecord;
import dev.taper.audit.AuditVerifier;
import dev.taper.audit.LogVerification;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.revocation.RevocationList;
import dev.taper.store.registry.Registry;
import dev.taper.store.registry.RegistryQuery;
import dev.taper.testing.SettableClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What docs/upgrading.md says of a database of which an older copy was put back: what notices, and
 * what nobody can notice.
 */
class RestoredCopyTest {
  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
  private static final MemoryShare SHARE = MemoryShare.of("user:alice@acme.com", new byte[] {1});
  private static final ToolCall SEARCH = ToolCall.of("jira.search");
  private static final RevocationIssuer.Horizon HORIZON =
      new RevocationIssuer.Horizon(Duration.ofHours(1), Duration.ofDays(1));

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock(NOON);
  private final PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
  private final RevocationIssuer issuer = RevocationIssuer.of(key);

  private String address = "sqlite:taper.db";

  private Database open() {
    return Database.open(address, folder);
  }

  /** Goes on with a database of a kind. */
  private void use(TestDatabase kind) {
    address = kind == TestDatabase.SQLITE ? address : kind.create(folder);
  }

  /** Makes a copy of the database, which nobody has open. */
  private void backUp() throws IOException, SQLException {
    open().close();
    if (address.startsWith("sqlite:")) {
      Files.copy(folder.resolve("taper.db"), folder.resolve("copy.db"));
    } else {
      onServer("CREATE DATABASE " + name() + "_copy TEMPLATE " + name());
    }
  }

  private void restore() throws IOException, SQLException {
    if (address.startsWith("sqlite:")) {
      Files.deleteIfExists(folder.resolve("taper.db-wal"));
      Files.deleteIfExists(folder.resolve("taper.db-shm"));
      Files.copy(
          folder.resolve("copy.db"),
          folder.resolve("taper.db"),
          StandardCopyOption.REPLACE_EXISTING);
    } else {
      onServer("DROP DATABASE " + name() + " WITH (FORCE)");
      onServer("CREATE DATABASE " + name() + " TEMPLATE " + name() + "_copy");
    }
  }

  private String name() {
    return address.replaceFirst("^.*/", "").replaceFirst("\\?.*$", "");
  }

  private void onServer(String command) throws SQLException {
    String server = address.replaceFirst("/" + name() + "\\?", "/postgres?");
    try (Connection connection = DriverManager.getConnection(server);
        Statement statement = connection.createStatement()) {
      statement.execute(command);
    }
  }

  private AgentToken token(String task) {
    return Issuer.of(key)
        .clock(clock)
        .mint(
            Delegation.by("user:alice@acme.com")
                .to(Agent.of("agent:planner", key.publicKey()))
                .task(task)
                .grant("jira.*")
                .expiresIn(Duration.ofHours(2)));
  }

  private CallDecision decide(AgentToken token, String proof) {
    try (Database database = open()) {
      Verifier verifier =
          Verifier.trusting(RootKeys.of(key.publicKey()))
              .callerStatesMeaning()
              .audience("svc:jira")
              .clock(clock)
              .withoutRevocation()
              .deadline(Duration.ofMinutes(1)) // does not depend on the machine's speed
              .replayMemory(new SqlReplayMemory(database))
              .build();
      return verifier.decide(Credentials.of(token.encodeBase64(), proof), SEARCH);
    }
  }

  private static DenialCode code(CallDecision decision) {
    return ((CallDecision.Denied) decision).code();
  }

  @Test
  void usedProof_olderCopyPutBack_isTakenAgainWithinItsWindowAndNotLater() throws Exception {
    AgentToken token = token("T-1");
    String proof = token.prove(key, SEARCH, "svc:jira", clock).encodeBase64();
    backUp();
    assertThat(decide(token, proof).allowed()).isTrue();
    assertThat(code(decide(token, proof))).isEqualTo(DenialCode.PROOF_REPLAYED);

    restore();
    assertThat(decide(token, proof).allowed()).as("nobody notices").isTrue();

    restore();
    clock.forward(Duration.ofSeconds(91));
    assertThat(code(decide(token, proof))).isEqualTo(DenialCode.PROOF_EXPIRED);
  }

  @Test
  void usedApprovalAndBudget_olderCopyPutBack_areThereAgain() throws Exception {
    backUp();
    useUp();
    restore();
    useUp(); // nobody notices
  }

  private void useUp() {
    ApprovalUses.Use once = ApprovalUses.Use.once("ab".repeat(32), NOON.plusSeconds(3600));
    Budgets.Charge all = new Budgets.Charge("12".repeat(32), 3, 3, null);
    try (Database database = open()) {
      ApprovalUses uses = new SqlApprovalUses(database);
      assertThat(uses.claim(List.of(once), SHARE, NOON)).isEmpty();
      assertThat(uses.claim(List.of(once), SHARE, NOON)).containsExactly(once);
      Budgets budgets = new SqlBudgets(database);
      assertThat(budgets.charge(List.of(all), SHARE, NOON)).isInstanceOf(Budgets.Charged.class);
      assertThat(budgets.charge(List.of(all), SHARE, NOON)).isInstanceOf(Budgets.Exhausted.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void auditLog_olderCopyPutBack_isNoticedByAHeadThatWasKept(TestDatabase kind)
      throws IOException, SQLException {
    use(kind);
    append("T-1");
    backUp();
    AuditRecord.Head kept = append("T-2");
    assertThat(verify(kept).intact()).isTrue();

    restore();
    assertThat(verify(null).intact()).as("without a head nobody notices").isTrue();
    assertThat(verify(kept).intact()).isFalse();

    append("T-3");
    append("T-4");
    assertThat(verify(null).intact()).isTrue();
    assertThat(verify(kept).intact()).isFalse();
  }

  private AuditRecord.Head append(String task) {
    try (Database database = open();
        AuditLog log =
            AuditLog.on(new SqlAuditSink(database), key)
                .clock(clock)
                .patience(Duration.ofMinutes(1))
                .open()) {
      log.append(AuditEvent.minted(token(task), NOON));
      return log.checkpoint();
    }
  }

  private LogVerification verify(AuditRecord.@Nullable Head expected) {
    try (Database database = open()) {
      AuditVerifier verifier = AuditVerifier.trusting(List.of(key.publicKey()));
      return (expected == null ? verifier : verifier.expecting(expected))
          .verify(new SqlAuditSink(database));
    }
  }

  @ParameterizedTest
  @EnumSource
  void revocationList_olderCopyPutBack_isRefusedByWhoRemembersItsNumber(TestDatabase kind)
      throws IOException, SQLException {
    use(kind);
    revoke("T-1");
    backUp();
    revoke("T-2");
    assertThat(fetch(list())).isTrue();

    restore();
    refused(ErrorCode.REVOCATIONS_ROLLED_BACK, list());
    RevocationList forgetful =
        RevocationList.trusting(key.publicKey()).clock(clock).forgottenAtRestart().build();
    assertThat(fetch(forgetful)).as("who remembers nothing notices nothing").isTrue();
    assertThat(forgetful.size()).isEqualTo(1);

    revoke("T-3"); // another list with the number of the one that had T-2
    refused(ErrorCode.REVOCATIONS_ROLLED_BACK, list());
  }

  private RevocationList list() {
    return RevocationList.trusting(key.publicKey())
        .clock(clock)
        .rememberedIn(folder.resolve("list.number"))
        .build();
  }

  private void refused(ErrorCode code, RevocationList list) {
    assertThatExceptionOfType(TaperException.class)
        .isThrownBy(() -> fetch(list))
        .satisfies(e -> assertThat(e.code()).isEqualTo(code));
  }

  private void revoke(String task) {
    try (Database database = open()) {
      RevocationEntry entry =
          RevocationEntry.forever(RevocationEntry.Kind.TASK, Fingerprint.ofTask(task));
      var unused = new SqlRevocations(database, clock).revoke(issuer, List.of(entry), HORIZON);
    }
  }

  private boolean fetch(RevocationList list) throws IOException {
    try (Database database = open();
        InputStream lists =
            Objects.requireNonNull(new SqlRevocations(database, clock).fetch(null, 0)).lists()) {
      return list.apply(lists);
    }
  }

  @ParameterizedTest
  @EnumSource
  void registry_olderCopyPutBack_knowsNothingOfLaterTokens(TestDatabase kind)
      throws IOException, SQLException {
    use(kind);
    issue("T-1");
    backUp();
    issue("T-2");
    restore();
    try (Database database = open()) {
      assertThat(new Registry(database, clock).find(RegistryQuery.living()))
          .extracting(delegated -> delegated.task())
          .containsExactly("T-1");
    }
  }

  private void issue(String task) {
    try (Database database = open()) {
      new Registry(database, clock).issued(token(task), key.publicKey());
    }
  }
}
