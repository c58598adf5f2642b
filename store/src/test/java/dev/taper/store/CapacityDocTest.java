package dev.taper.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
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
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditSink;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.store.registry.Registry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What docs/capacity.md says that things take is what they take. */
class CapacityDocTest {
  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);
  private static final MemoryShare SHARE = MemoryShare.of("user:alice@acme.com", new byte[] {1});
  private static final int ROWS = 10_000;
  private static final int TOKENS = 300;
  private static final double TOLERANCE = 20; // percent: how rows fill pages is not ours

  @TempDir Path folder;
  private final PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey second = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey third = PrivateKey.generate(Algorithm.ED25519);
  private final SoftAssertions page = new SoftAssertions();

  /** Compares bytes with the page's row for something; tells all that differ at the end. */
  private void bytes(String what, String kind, double measured) throws IOException {
    String text = Files.readString(Path.of("..", "docs", "capacity.md"));
    int column = List.of("file", "SQLITE", "POSTGRESQL").indexOf(kind);
    String row =
        text.lines().filter(line -> line.startsWith("| " + what + " |")).findFirst().orElse("");
    String[] cells = row.split(" *\\| *", -1);
    page.assertThat(cells).as("%s: %.0f bytes in %s", what, measured, kind).hasSizeGreaterThan(4);
    if (cells.length > column + 2) {
      page.assertThat(Double.parseDouble(cells[column + 2].replace(",", "")))
          .as("%s in %s", what, kind)
          .isCloseTo(measured, withinPercentage(TOLERANCE));
    }
  }

  @AfterEach
  void assertAll() {
    page.assertAll();
  }

  private AgentToken token(int number) {
    AgentToken first =
        Issuer.of(key)
            .clock(CLOCK)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", key.publicKey()))
                    .task("T-" + number, "triage tickets")
                    .grant("jira.search, jira.read, jira.comment")
                    .expiresIn(Duration.ofHours(1)));
    Agent researcher = Agent.of("agent:researcher", second.publicKey());
    Agent scraper = Agent.of("agent:scraper", third.publicKey());
    return first
        .delegate(key, Hop.to(researcher).grant("jira.search, jira.read"), CLOCK)
        .delegate(second, Hop.to(scraper).grant("jira.search"), CLOCK);
  }

  @Test
  void files_perEntry_takeWhatThePageSays() throws IOException {
    ReplayMemory proofs = ReplayMemory.inFolder(folder.resolve("used"));
    long[] size = new long[2];
    for (int i = 0; i < 2; i++) {
      assertThat(proofs.claim(use(i), SHARE, NOON)).isTrue();
      size[i] = Files.size(folder.resolve("used/proofs"));
    }
    bytes("a used proof", "file", (double) (size[1] - size[0]));
    bytes("the use of an approval", "file", (double) (size[1] - size[0]));

    List<RevocationEntry> entries = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      entries.add(
          new RevocationEntry(
              RevocationEntry.Kind.TASK, Fingerprint.ofTask("T-" + i), NOON.plusSeconds(3600)));
    }
    byte[] list =
        RevocationIssuer.of(key)
            .snapshot(
                1,
                entries,
                RevocationHeader.Validity.from(CLOCK, Duration.ofHours(1), Duration.ofHours(2)));
    bytes("an entry of a revocation list", "file", (double) list.length / ROWS);
  }

  private static ReplayMemory.Use use(int number) {
    return new ReplayMemory.Use(
        String.format(Locale.ROOT, "%x", number + 1).repeat(64),
        NOON,
        NOON.plus(Duration.ofSeconds(90)));
  }

  /** Calls with one token of three blocks: the chain is described once, and named after that. */
  @Test
  void auditRecords_ofCalls_takeWhatThePageSays() throws IOException {
    Path file = folder.resolve("audit.jsonl");
    List<Integer> lengths = new ArrayList<>();
    try (AuditLog log =
        AuditLog.on(AuditSink.inFile(file, CLOCK), key)
            .clock(CLOCK)
            .patience(Duration.ofMinutes(1))
            .open()) {
      Verifier verifier =
          Verifier.trusting(RootKeys.of(key.publicKey()))
              .callerStatesMeaning()
              .audience("svc:jira")
              .clock(CLOCK)
              .withoutRevocation()
              .deadline(Duration.ofMinutes(1)) // does not depend on the machine's speed
              .listener(log)
              .build();
      AgentToken token = token(1);
      ToolCall call =
          ToolCall.of("jira.search")
              .operation("read")
              .on("jira:project/ACME/Q3/12")
              .arg("limit", 5);
      for (int i = 0; i < 3; i++) {
        assertThat(
                verifier
                    .decide(
                        token.token(),
                        call,
                        token.prove(third, call, "svc:jira", CLOCK),
                        SentApprovals.NONE)
                    .allowed())
            .isTrue();
      }
    }
    for (String line : Files.readAllLines(file)) {
      if (line.contains("\"tool\":\"jira.search\"")) {
        lengths.add(line.length() + 1);
      }
    }
    bytes(
        "the record of a call with a token of three blocks, its first one",
        "file",
        (double) lengths.get(0));
    bytes("the record of a call with a token of three blocks", "file", (double) lengths.get(2));
  }

  @ParameterizedTest
  @EnumSource
  void rows_ofMemories_takeWhatThePageSays(TestDatabase kind) throws IOException {
    try (Database database = kind.open(folder)) {
      assertThat(new SqlReplayMemory(database).claim(use(0), SHARE, NOON)).isTrue();
      ApprovalUses.Use approval = ApprovalUses.Use.once("ab".repeat(32), NOON.plusSeconds(3600));
      assertThat(new SqlApprovalUses(database).claim(List.of(approval), SHARE, NOON)).isEmpty();
      Budgets.Charge charge = new Budgets.Charge("12".repeat(32), 1, 3, null);
      var unused = new SqlBudgets(database).charge(List.of(charge), SHARE, NOON);
      bytes("a used proof", kind.name(), perRow(database, kind, "proof_use", "id"));
      bytes("the use of an approval", kind.name(), perRow(database, kind, "approval_use", "id"));
      bytes("the counter of a budget", kind.name(), perRow(database, kind, "budget_counter", "id"));
    }
  }

  /** Copies a table's one row under many random ids, and returns what each takes. */
  private static double perRow(Database database, TestDatabase kind, String table, String id) {
    boolean sqlite = kind == TestDatabase.SQLITE;
    String random =
        sqlite
            ? "lower(hex(randomblob(32)))"
            : "encode(sha256((random()::text || i)::bytea), 'hex')";
    String numbers =
        sqlite
            ? "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
                + ROWS
                + ") SELECT i FROM n)"
            : "(SELECT generate_series(1, " + ROWS + ") AS i)";
    long before = size(database, kind);
    database.transaction(
        connection -> {
          List<String> names = new ArrayList<>();
          try (Statement statement = connection.createStatement();
              ResultSet columns = statement.executeQuery("SELECT * FROM " + table)) {
            for (int i = 1; i <= columns.getMetaData().getColumnCount(); i++) {
              String name = columns.getMetaData().getColumnName(i);
              names.add(name.equals(id) ? random : "t." + name);
            }
          }
          try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(
                "INSERT INTO "
                    + table
                    + " SELECT "
                    + String.join(", ", names)
                    + " FROM "
                    + table
                    + " t, "
                    + numbers
                    + " AS numbers");
          }
        });
    return (double) (size(database, kind) - before) / ROWS;
  }

  private static long size(Database database, TestDatabase kind) {
    String query =
        kind == TestDatabase.SQLITE
            ? "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
            : "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r'"
                + " AND relnamespace = 'public'::regnamespace";
    return database.read(
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void rows_ofTheRegistry_takeWhatThePageSays(TestDatabase kind) throws IOException {
    try (Database database = kind.open(folder)) {
      Registry registry = new Registry(database, CLOCK);
      registry.issued(token(0), key.publicKey());
      List<AgentToken> tokens = new ArrayList<>();
      for (int i = 1; i <= TOKENS; i++) {
        tokens.add(token(i));
      }
      long before = size(database, kind);
      registry.issued(tokens, key.publicKey());
      bytes(
          "a living hand-over in the registry",
          kind.name(),
          (double) (size(database, kind) - before) / (3 * TOKENS));
    }
  }
}
