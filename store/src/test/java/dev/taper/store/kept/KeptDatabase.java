package dev.taper.store.kept;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Ask;
import dev.taper.agent.approval.Asks;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditLog;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.store.Database;
import dev.taper.store.SqlApprovalUses;
import dev.taper.store.SqlAsks;
import dev.taper.store.SqlAuditSink;
import dev.taper.store.SqlBudgets;
import dev.taper.store.SqlReplayMemory;
import dev.taper.store.SqlRevocations;
import dev.taper.store.TestDatabase;
import dev.taper.store.registry.Registry;
import dev.taper.store.registry.RegistryQuery;
import dev.taper.store.registry.ReviewDecision;
import dev.taper.store.registry.Reviews;
import dev.taper.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A database with something of everything, and the keys of those who wrote to it. */
final class KeptDatabase {
  static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
  static final String ALICE = "user:alice@acme.com";
  static final MemoryShare SHARE = MemoryShare.of(ALICE, new byte[] {1});
  static final ReplayMemory.Use PROOF =
      new ReplayMemory.Use("ab".repeat(32), NOON, NOON.plusSeconds(90));
  static final ApprovalUses.Use APPROVAL =
      new ApprovalUses.Use("cd".repeat(32), NOON.plusSeconds(3600), 2);
  static final Ask ASK =
      new Ask("ef".repeat(32), SHARE, NOON.plusSeconds(3600), "{\"an\":\"ask\"}", 0);
  static final RevocationIssuer.Horizon HORIZON =
      new RevocationIssuer.Horizon(Duration.ofHours(1), Duration.ofDays(1));

  private static final String JIRA = "svc:jira";

  /** These tests do not depend on the machine's speed. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final String SQLITE = "sqlite.db";
  private static final String POSTGRESQL = "postgresql.sql";

  final SettableClock clock = new SettableClock(NOON);
  final PrivateKey root;
  final PrivateKey planner;
  final PrivateKey revoker;
  final PrivateKey auditor;

  /** Reads the keys of a folder. */
  KeptDatabase(Path folder) {
    root = PrivateKey.load(folder.resolve("root.key"));
    planner = PrivateKey.load(folder.resolve("planner.key"));
    revoker = PrivateKey.load(folder.resolve("revoker.key"));
    auditor = PrivateKey.load(folder.resolve("audit.key"));
  }

  /** Writes both databases as this version writes them. */
  static void write(Path folder) throws IOException, SQLException {
    for (String name : List.of("root", "planner", "revoker", "audit")) {
      PrivateKey.generate(Algorithm.ED25519).save(folder.resolve(name + ".key"));
    }
    KeptDatabase kept = new KeptDatabase(folder);
    try (Database database = Database.open("sqlite:" + SQLITE, folder)) {
      kept.fill(database);
    }
    String address = TestDatabase.POSTGRESQL.create(folder);
    try (Database database = Database.open(address, folder)) {
      kept.fill(database);
      int unused =
          database.transaction(
              connection -> {
                try (Statement statement = connection.createStatement()) {
                  // Or it is known for another server's, which may have lost something.
                  return statement.executeUpdate("UPDATE forgotten SET server = ''");
                }
              });
    }
    Files.writeString(folder.resolve(POSTGRESQL), PostgresqlText.of(address), UTF_8);
  }

  /** The address of a copy of what is kept. */
  static String address(TestDatabase kind, Path folder) throws IOException, SQLException {
    if (kind == TestDatabase.SQLITE) {
      return "sqlite:" + folder.resolve(SQLITE);
    }
    String address = kind.create(folder);
    PostgresqlText.restore(Files.readString(folder.resolve(POSTGRESQL), UTF_8), address);
    return address;
  }

  static RevocationEntry task(String name) {
    return RevocationEntry.forever(RevocationEntry.Kind.TASK, Fingerprint.ofTask(name));
  }

  static Budgets.Charge charge(long amount) {
    return new Budgets.Charge("12".repeat(32), amount, 3, Duration.ofDays(1));
  }

  static Budgets.Charge charge() {
    return charge(1);
  }

  AuditLog log(Database database) {
    return AuditLog.on(new SqlAuditSink(database), auditor).clock(clock).patience(PATIENCE).open();
  }

  AgentToken token(String task) {
    return Issuer.of(root)
        .clock(clock)
        .mint(
            Delegation.by(ALICE)
                .to(Agent.of("agent:planner", planner.publicKey()))
                .task(task, "triage")
                .grant("jira.search, jira.read")
                .expiresIn(Duration.ofDays(365)));
  }

  /** A call of the tool for searching, of which the registry is told. */
  CallDecision call(Database database, AgentToken token) {
    Verifier verifier =
        Verifier.trusting(RootKeys.of(root.publicKey()))
            .callerStatesMeaning()
            .audience(JIRA)
            .clock(clock)
            .withoutRevocation()
            .deadline(PATIENCE)
            .listener(new Registry(database, clock))
            .build();
    ToolCall call = ToolCall.of("jira.search");
    return verifier.decide(
        token.token(), call, token.prove(planner, call, JIRA, clock), SentApprovals.NONE);
  }

  private void fill(Database database) {
    assertThat(new SqlReplayMemory(database).claim(PROOF, SHARE, NOON)).isTrue();
    assertThat(new SqlApprovalUses(database).claim(List.of(APPROVAL), SHARE, NOON)).isEmpty();
    assertThat(new SqlBudgets(database).charge(List.of(charge()), SHARE, NOON))
        .isInstanceOf(Budgets.Charged.class);
    assertThat(new SqlAsks(database).add(ASK, NOON)).isEqualTo(Asks.Kept.YES);

    AgentToken token = token("T-1");
    AgentToken handedOn =
        token.delegate(
            planner,
            Hop.to(Agent.of("agent:researcher", revoker.publicKey())).grant("jira.search"),
            clock);
    try (AuditLog log = log(database)) {
      log.append(AuditEvent.minted(token, NOON));
      log.append(AuditEvent.delegated(handedOn, NOON));
    }
    Registry registry = new Registry(database, clock);
    registry.issued(handedOn, root.publicKey());
    registry.issued(token("T-2"), root.publicKey());
    assertThat(call(database, token).allowed()).isTrue();

    SqlRevocations revocations = new SqlRevocations(database, clock);
    RevocationIssuer issuer = RevocationIssuer.of(revoker);
    var unused = revocations.revoke(issuer, List.of(task("T-2"), task("T-lifted")), HORIZON);
    unused = revocations.revoke(issuer, List.of(task("T-3")), HORIZON);
    unused = revocations.lift(issuer, task("T-lifted").fingerprint(), "a mistake", HORIZON);

    Reviews reviews = new Reviews(database, clock);
    var review =
        reviews.start(
            "Q4", "user:erin@acme.com", NOON.plus(Duration.ofDays(1)), RegistryQuery.living());
    review =
        reviews.decide(
            review.id(), ReviewDecision.CERTIFIED, List.of(1), "user:erin@acme.com", "goes on");
    assertThat(review.items()).hasSizeGreaterThan(1);
  }
}
