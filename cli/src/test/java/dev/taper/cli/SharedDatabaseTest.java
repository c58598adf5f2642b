package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.audit.AuditSink;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Audit logs, revocation lists and used approvals in a database instead of files. */
class SharedDatabaseTest {
  private static final String DB = "sqlite:taper.db";
  private static final List<String> AUDIT = List.of("--audit", DB, "--audit-key", "audit.key");
  private static final List<String> LIST =
      List.of("--revocations", DB, "--revocation-key", "revoker.pub");
  private static final List<String> ISSUE = List.of("--revocations", DB, "--key", "revoker.key");

  @TempDir Path folder;
  private Cli cli;
  private Agents agents;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder);
    agents = new Agents(cli);
    for (String name : List.of("audit", "revoker", "boss")) {
      cli.ok("keygen", "--out", name + ".key");
    }
  }

  private static String[] with(List<String> more, String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(more);
    return all.toArray(new String[0]);
  }

  private Cli.Result call(List<String> more) {
    agents.prove("researcher", "search.json", "svc:jira", "call.proof");
    return agents.authorize(
        "researcher", "search.json", List.of(with(more, "--proof", "call.proof")));
  }

  private String[] audit(String command, String... more) {
    return with(List.of(more), "audit", command, DB, "--audit-public-key", "audit.pub");
  }

  private void change(String sql) throws Exception {
    assertThat(execute(sql)).isEqualTo(1);
  }

  private int execute(String sql) throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("taper.db"));
        Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  private void story() {
    agents.mint("planner.token", with(AUDIT));
    agents.delegate("planner", "researcher", with(AUDIT, "--grant", "jira.search"));
    assertThat(call(List.of(with(AUDIT, "--without-revocation"))).exit()).isZero();
  }

  @Test
  void audit_inADatabase_isVerifiedTracedReportedAndExported() {
    story();

    assertThat(cli.ok(audit("verify"))).startsWith("INTACT  8 records, 4 checkpoints\n");
    assertThat(cli.ok(audit("trace", "--task", "T-4711")))
        .contains("agent:researcher", "✓ jira.search read on jira:project/ACME/Q3/12");
    assertThat(cli.ok(audit("report", "--task", "T-4711", "--html", "-")))
        .startsWith("<!doctype html>")
        .contains("agent:researcher");
    assertThat(cli.ok(audit("export", "--format", "ocsf")).lines()).hasSize(3);
  }

  private String taskRevokedBy(String issuer) {
    List<String> list = List.of("--revocations", issuer + ".list", "--key", issuer + ".key");
    return cli.ok(with(list, with(AUDIT, "revoke", "task", "T-4711")));
  }

  private String taskLiftedBy(String issuer) {
    List<String> list = List.of("--revocations", issuer + ".list", "--key", issuer + ".key");
    return cli.ok(
        with(list, with(AUDIT, "revocations", "lift", "task", "T-4711", "--reason", "a slip")));
  }

  @Test
  void trace_oneOfTwoIssuersLifts_isRevokedUntilTheOtherDoes() {
    story();
    taskRevokedBy("revoker");
    taskRevokedBy("boss");

    taskLiftedBy("revoker");
    assertThat(cli.ok(audit("trace", "--task", "T-4711"))).contains("  revoked at ");

    taskLiftedBy("boss");
    assertThat(cli.ok(audit("trace", "--task", "T-4711")))
        .contains("  living until ")
        .doesNotContain("  revoked at ");
  }

  private void dueReview() throws Exception {
    agents.mint("planner.token", "--registry", DB);
    List<String> review = List.of("--title", "Q3", "--reviewer", "erin", "--due", "7d");
    cli.ok(with(review, "review", "start", "--registry", DB));
    change("UPDATE review SET due_at = 1");
  }

  @Test
  void sign_reviewIsDue_lapseIsRecorded() throws Exception {
    dueReview();

    Cli.Result signed = cli.run(with(ISSUE, with(AUDIT, "revocations", "sign")));

    assertThat(signed.exit()).isZero();
    assertThat(signed.err()).contains("nobody certified it", "agent:planner for T-4711");
    assertThat(cli.ok(audit("trace", "--task", "T-4711"))).contains("review, by", "lapsed");
    assertThat(cli.ok(with(LIST, "revocations", "show"))).contains("  block: 1");
  }

  @Test
  void sign_lapseCannotBeRecorded_nothingLapses() throws Exception {
    dueReview();
    List<String> nowhere = List.of("--audit", "no/such.log", "--audit-key", "audit.key");

    assertThat(cli.run(with(ISSUE, with(nowhere, "revocations", "sign"))).exit()).isEqualTo(5);
    assertThat(cli.run(with(LIST, "revocations", "show")).exit()).isEqualTo(5);

    // To revoke cannot wait for that.
    Cli.Result ended = cli.run(with(ISSUE, with(nowhere, "task", "end", "T-4711")));
    assertThat(ended.exit()).isEqualTo(5);
    assertThat(ended.out()).startsWith("revoked task T-4711; ");
    assertThat(cli.ok(with(LIST, "revocations", "show"))).contains("  task: 1", "  block: 0");
  }

  @Test
  void audit_recordChangedInADatabase_isNamed() throws Exception {
    story();
    change(
        "UPDATE audit_record SET json = replace(json, 'jira.search', 'jira.delete')"
            + " WHERE json LIKE '%\"kind\":\"allow\"%'");

    Cli.Result verified = cli.run(audit("verify"));

    assertThat(verified.exit()).isEqualTo(1);
    assertThat(verified.out()).startsWith("NOT INTACT  edited  line 7, record 6\n");
    assertThat(cli.run(audit("trace", "--task", "T-4711")).exit()).isEqualTo(1);
  }

  @Test
  void audit_recordRemovedFromADatabase_isNamed() throws Exception {
    story();
    change("DELETE FROM audit_record WHERE sequence = 4");

    assertThat(cli.run(audit("verify")).out())
        .startsWith("NOT INTACT  removed  line 5, record 4\n");
  }

  @Test
  void audit_noSuchDatabaseOrAUrl_isAnErrorAndMakesNoFile() {
    Cli.Result missing = cli.run("audit", "verify", "sqlite:none.db");
    assertThat(missing.exit()).isEqualTo(5);
    assertThat(missing.err()).contains("there is no sqlite:none.db");
    assertThat(folder.resolve("none.db")).doesNotExist();

    Cli.Result url = cli.run("audit", "verify", "https://example.com/audit.jsonl");
    assertThat(url.exit()).isEqualTo(2);
    assertThat(url.err()).contains("a file or a database is needed");
  }

  @Test
  void audit_misspelledDatabase_isUsageAndShowsNoPassword() {
    Cli.Result result =
        cli.run("audit", "verify", "postgresql://db.acme.com/taper?user=alice&password=hunter2");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("jdbc:postgresql://HOST/NAME").doesNotContain("hunter2");
  }

  @Test
  void revocations_inADatabase_areSignedThereAndLookedUp() {
    Cli.Result unsigned = call(LIST);
    assertThat(unsigned.exit()).isEqualTo(5);
    assertThat(unsigned.err()).contains("there is no " + DB);

    assertThat(cli.ok(with(ISSUE, "revocations", "sign"))).isEqualTo(DB + " is now number 1\n");
    assertThat(call(LIST).exit()).isZero();

    String said =
        cli.ok(with(ISSUE, "revoke", "block", "researcher.token", "--public-key", "root.pub"));
    assertThat(said).startsWith("revoked block 1 ").endsWith(DB + " is now number 2\n");
    Cli.Result refused = call(LIST);
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.out()).startsWith("DENIED  revoked");

    assertThat(cli.ok(with(LIST, "revocations", "verify"))).startsWith("FRESH  number 2, 1 entry");
    assertThat(cli.ok(with(LIST, "revocations", "show"))).contains("block: 1", "1 snapshot");
  }

  @Test
  void revocations_signedByAnotherKey_areRefused() {
    cli.ok("revocations", "sign", "--revocations", DB, "--key", "root.key");

    assertThat(call(LIST).err()).contains("(unknown_revocation_key)");
  }

  @Test
  void taskEnd_inADatabaseWithARegistry_isSeenByBoth() {
    agents.mint("planner.token", "--registry", DB);
    cli.ok(with(ISSUE, "revocations", "sign"));
    assertThat(cli.ok("registry", "list", "--registry", DB)).endsWith("1 living delegation.\n");

    cli.ok(with(ISSUE, "task", "end", "T-4711"));

    assertThat(call(LIST).out()).startsWith("DENIED  revoked");
    assertThat(cli.ok("registry", "list", "--registry", DB)).isEqualTo("0 living delegations.\n");
  }

  @Test
  void revoke_inAFile_tellsTheRegistryToo() {
    agents.mint("planner.token", "--registry", DB);
    agents.delegate("planner", "researcher", "--registry", DB);
    List<String> file = List.of("--revocations", "revoked.list", "--key", "revoker.key");
    List<String> both = List.of(with(file, "--registry", DB));

    cli.ok(with(both, "revoke", "block", "researcher.token", "--public-key", "root.pub"));
    assertThat(cli.ok("registry", "list", "--registry", DB))
        .contains("agent:planner")
        .doesNotContain("agent:researcher  ");

    cli.ok(with(both, "task", "end", "T-4711"));
    assertThat(cli.ok("registry", "list", "--registry", DB)).isEqualTo("0 living delegations.\n");
    assertThat(agents.decideWithList("planner", "search.json", "--proof", "call.proof").exit())
        .isNotZero();
    assertThat(cli.ok("registry", "publish", "--key", "revoker.key", "--registry", DB))
        .contains("2 entries");
  }

  @Test
  void revokeAndLift_recordFails_registryIsToldAllTheSame() {
    agents.mint("planner.token", "--registry", DB);
    List<String> log = List.of("--audit", "audit.jsonl", "--audit-key", "audit.key");
    List<String> file = List.of("--revocations", "revoked.list", "--key", "revoker.key");
    List<String> all = List.of(with(log, with(file, "--registry", DB)));
    AuditSink service = AuditSink.inFile(folder.resolve("audit.jsonl"), Clock.systemUTC());
    try {
      assertThat(cli.run(with(all, "revoke", "task", "T-4711")).err()).contains("(audit_locked)");
      assertThat(cli.ok("registry", "list", "--registry", DB)).isEqualTo("0 living delegations.\n");

      String[] lift = {"revocations", "lift", "task", "T-4711", "--reason", "a slip"};
      assertThat(cli.run(with(all, lift)).err()).contains("(audit_locked)");
      assertThat(cli.ok("registry", "list", "--registry", DB)).endsWith("1 living delegation.\n");
    } finally {
      service.close();
    }
  }

  /** Whoever fills a registry must not keep anybody from revoking. */
  @Test
  void revoke_registryOfTheListCannotCount_revokesAllTheSame() throws Exception {
    agents.mint("planner.token", "--registry", DB);
    execute("DROP TABLE stands_on");

    assertThat(cli.run(with(ISSUE, "task", "end", "T-4711")).out())
        .startsWith("revoked task T-4711; ");
    assertThat(cli.ok(with(LIST, "revocations", "show"))).contains("  task: 1");
  }

  @Test
  void revoke_registryThatIsNone_isUsageBeforeAnythingIsRevoked() {
    Cli.Result result =
        cli.run(
            with(
                List.of("--revocations", "revoked.list", "--key", "revoker.key"),
                "task",
                "end",
                "T-4711",
                "--registry",
                "taper.db"));

    assertThat(result.exit()).isEqualTo(2);
    assertThat(folder.resolve("revoked.list")).doesNotExist();
  }

  private Cli.Result delete(String... more) {
    cli.ok(
        "prove",
        "planner.token",
        "--key",
        "planner.key",
        "--request",
        "delete.json",
        "--audience",
        "svc:jira",
        "--approval",
        "yes.approval",
        "--out",
        "call.proof");
    return agents.decide(
        "planner",
        "delete.json",
        with(List.of(more), "--proof", "call.proof", "--approval", "yes.approval"));
  }

  @Test
  void authorize_countedApprovalInADatabase_isUsedOnceInAll() {
    cli.file("delete.json", "{\"tool\": \"jira.delete\", \"resource\": \"jira:project/ACME/12\"}");
    agents.mint(
        "planner.token", "--grant", "jira.delete if approved by " + cli.read("boss.pub").strip());
    cli.ok(
        "escalate",
        "planner.token",
        "-r",
        "delete.json",
        "--audience",
        "svc:jira",
        "--reason",
        "a duplicate",
        "--out",
        "ask.json");
    cli.ok(
        "approve",
        "ask.json",
        "--public-key",
        "root.pub",
        "--key",
        "boss.key",
        "--uses",
        "1",
        "--yes",
        "--out",
        "yes.approval");
    // Another folder for proofs each time, as services on several machines have.
    Cli.Result first = delete("--approval-uses", DB, "--replay-memory", "one");
    assertThat(first.exit()).as(first.err() + first.out()).isZero();
    Cli.Result second = delete("--approval-uses", DB, "--replay-memory", "two");
    assertThat(second.exit()).isEqualTo(1);
    assertThat(second.out()).startsWith("DENIED  approval_used");

    // At a time that was made up nothing is used up, nor forgotten.
    assertThat(delete("--approval-uses", DB, "--time", "2040-01-01T12:00:00Z").exit()).isEqualTo(2);
    assertThat(delete("--approval-uses", DB).out()).startsWith("DENIED  approval_used");
    assertThat(delete("--approval-uses", "sqlite:other.db").exit()).isZero();
    Cli.Result unreachable = delete("--approval-uses", "sqlite:no/such/folder.db");
    assertThat(unreachable.exit()).isEqualTo(1);
    assertThat(unreachable.out()).startsWith("DENIED  approval_uses_unavailable");
    assertThat(delete("--approval-uses", "used").exit()).isEqualTo(2);
  }
}
