package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a security lead asks after an agent deleted tickets: the issuer, the approver, the service
 * and the revoker each have a log of their own, one of them in a database.
 */
class AuditIncidentTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> LOGS =
      List.of("issuer.jsonl", "boss.jsonl", "sqlite:jira.db", "revoker.jsonl");

  @TempDir Path folder;
  private Cli cli;
  private Escalations story;

  @BeforeEach
  void setUp() {
    story = new Escalations(folder);
    cli = story.cli;
    for (String log : List.of("issuer", "boss", "jira", "revoker")) {
      cli.ok("keygen", "--out", log + "-log.key");
    }
    cli.file(
        "names.json",
        "{\"format\": \"taper/1 names\", \"approvers\": {\"user:boss@acme.com\": [\""
            + story.boss
            + "\"]}, \"issuers\": {\"issuer:acme\": [\""
            + cli.read("root.pub").strip()
            + "\"]}}");
    story.agents.mint(
        "planner.token",
        "--grant",
        "jira.delete on jira:project/ACME/* if approved by " + story.boss,
        "--audit",
        "issuer.jsonl",
        "--audit-key",
        "issuer-log.key");
    cli.ok(Escalations.ask("planner"));
    Cli.Result approved =
        story.approve(
            "boss",
            "--yes",
            "--out",
            "signed",
            "--audit",
            "boss.jsonl",
            "--audit-key",
            "boss-log.key");
    assertThat(approved.exit()).as(approved.err()).isZero();
    String[] jira = {"--audit", "sqlite:jira.db", "--audit-key", "jira-log.key"};
    assertThat(story.decide("planner", jira).exit()).isEqualTo(1);
    Cli.Result allowed = story.decideSigned(jira);
    assertThat(allowed.exit()).as(allowed.err()).isZero();
    cli.ok(
        "revoke",
        "block",
        "planner.token",
        "--public-key",
        "root.pub",
        "--reason",
        "deletes tickets",
        "--revocations",
        "revoked.list",
        "--key",
        "root.key",
        "--audit",
        "revoker.jsonl",
        "--audit-key",
        "revoker-log.key");
  }

  private static List<String> audit(String command, String... more) {
    List<String> args = new ArrayList<>(List.of("audit", command));
    args.addAll(LOGS);
    for (String log : List.of("issuer", "boss", "jira", "revoker")) {
      args.addAll(List.of("--audit-public-key", log + "-log.pub"));
    }
    args.addAll(Arrays.asList(more));
    return args;
  }

  private String ok(List<String> args) {
    return cli.ok(args.toArray(new String[0]));
  }

  private Cli.Result run(List<String> args) {
    return cli.run(args.toArray(new String[0]));
  }

  @Test
  void trace_ofWhatAnAgentDidWithATool_answersEveryQuestionInOneCommand() {
    String told =
        ok(
            audit(
                "trace",
                "--agent",
                "agent:planner",
                "--tool",
                "jira.delete",
                "--since",
                "1h",
                "--names",
                "names.json"));

    assertThat(told)
        .as("who authorised it, and what was granted")
        .contains("user:alice@acme.com\n")
        .containsPattern("authority by user:alice@acme.com: .*jira.delete, .* approved by")
        .as("which tools were used")
        .contains("used: 1 allowed, 1 denied", "  jira.delete: 1 allowed, 1 denied")
        .as("who approved")
        .containsPattern("#\\d+ of boss.jsonl  approve, by user:boss@acme.com, jira.delete")
        .containsPattern("✓ jira.delete .*  approval [0-9a-f]+….* by user:boss@acme.com")
        .as("when it ended, and who ended it")
        .containsPattern("revoked at \\S+ \\(record \\d+ of revoker.jsonl\\) by issuer:acme")
        .doesNotContain("ed25519/", "secp256r1/", "NOT VERIFIED");
  }

  @Test
  void everyCommand_namesThatNobodySigned_saysSo() {
    cli.ok("keygen", "--out", "registrar.key");
    cli.ok("names", "sign", "names.json", "--key", "registrar.key", "--out", "signed.json");
    for (List<String> command :
        List.of(
            audit("trace", "--task", "T-4711"),
            audit("report", "--task", "T-4711", "--html", "-"),
            audit("export", "--format", "json"),
            show("0"))) {
      assertThat(run(with(command, "--names", "names.json")).err())
          .as(command.toString())
          .contains("note: the names are those of the file, whoever wrote it");
      assertThat(run(with(command, "--names", "signed.json", "--names-key", "registrar.pub")).err())
          .doesNotContain("whoever wrote it");
      assertThat(run(command).err()).doesNotContain("whoever wrote it");
    }
  }

  private static List<String> with(List<String> command, String... more) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(more));
    return all;
  }

  @Test
  void trace_ofAnApprover_tellsWhatItApprovedAndWhatRestsOnIt() {
    for (String approver :
        List.of("user:boss@acme.com", story.boss, story.boss.substring(0, 26) + "…")) {
      String told = ok(audit("trace", "--approver", approver, "--names", "names.json"));
      assertThat(told)
          .containsPattern("approve, by user:boss@acme.com, jira.delete")
          .contains("used: 1 allowed, 0 denied", "✓ jira.delete");
    }
    Cli.Result nobody = run(audit("trace", "--approver", "user:nobody@acme.com"));
    assertThat(nobody.err()).contains("the audit logs say nothing of that (nothing_found)");
  }

  @Test
  void trace_deniedOrOfATime_tellsThatAlone() {
    assertThat(ok(audit("trace", "--denied")))
        .contains("used: 0 allowed, 1 denied", "✗ jira.delete", "approval_required")
        .doesNotContain("✓", "approve, ");
    assertThat(
            run(audit("trace", "--agent", "agent:planner", "--until", "2029-12-31T00:00:00Z"))
                .err())
        .contains("(nothing_found)");
    assertThat(run(audit("trace", "--tool", "*", "--denied")).exit()).isEqualTo(2);
    assertThat(run(audit("trace", "--since", "1h", "--until", "2h")).err())
        .contains("--since has to be before --until", "(usage)");
    Cli.Result yesterday = run(audit("trace", "--since", "yesterday"));
    assertThat(yesterday.exit()).isEqualTo(2);
    assertThat(yesterday.err())
        .contains("not a time: yesterday (a date such as 2030-01-31T12:00:00Z, or how long ago");
    assertThat(run(audit("trace", "--until", "2030-01-31")).err()).contains("such as 2h or 3d");
    assertThat(run(audit("trace")).err()).contains("say of what: --task");
  }

  /** Whoever has the root key tells the issuer's log nothing of what it makes. */
  @Test
  void traceAndExport_unminted_tellOfTokensThatNoLogHasTheMintingOf() {
    Cli.Result nothing = run(audit("trace", "--unminted"));
    assertThat(nothing.err()).contains("(nothing_found)");

    story.agents.prove("researcher", "search.json", "svc:jira", "search.proof");
    String[] told = {
      "--proof", "search.proof", "--audit", "sqlite:jira.db", "--audit-key", "jira-log.key"
    };
    assertThat(story.agents.decide("researcher", "search.json", told).exit()).isZero();
    assertThat(ok(audit("trace", "--unminted")))
        .contains("→ agent:researcher", "✓ jira.search")
        .doesNotContain("jira.delete:", "approve, ");
    assertThat(ok(audit("export", "--format", "json", "--unminted")).lines()).hasSize(1);
    assertThat(run(audit("trace", "--unminted", "--tool", "jira.delete")).err())
        .contains("(nothing_found)");
  }

  @Test
  void trace_oneLogOfSeveralForged_tellsNothing() throws Exception {
    Path log = folder.resolve("boss.jsonl");
    Files.writeString(log, Files.readString(log).replace("jira.delete", "jira.create"));

    Cli.Result result = run(audit("trace", "--agent", "agent:planner"));
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("boss.jsonl", "(audit_edited)");

    Cli.Result verified = run(audit("verify"));
    assertThat(verified.exit()).isEqualTo(1);
    assertThat(verified.out())
        .contains("issuer.jsonl:\nINTACT", "boss.jsonl:\nNOT INTACT  edited", "jira.db:\nINTACT");
  }

  @Test
  void trace_copyOfALog_tellsEveryRecordOnce() throws Exception {
    Files.copy(folder.resolve("boss.jsonl"), folder.resolve("copy.jsonl"));
    List<String> args = audit("trace", "--approver", story.boss, "--json");
    args.add("copy.jsonl");

    JsonNode told = JSON.readTree(ok(args));
    assertThat(told.findValues("events").stream().mapToInt(JsonNode::size).sum()).isEqualTo(1);
    assertThat(told.get("verified").asBoolean()).isTrue();
  }

  @Test
  void show_aRecordByNumberAndHash_tellsAllOfIt() throws Exception {
    String hash =
        JSON.readTree(
                cli.ok(
                    "audit",
                    "verify",
                    "issuer.jsonl",
                    "--audit-public-key",
                    "issuer-log.pub",
                    "--json"))
            .get("head")
            .asText()
            .replaceFirst(".*:", "");
    String told =
        cli.ok("audit", "show", "2", "issuer.jsonl", "--audit-public-key", "issuer-log.pub");
    assertThat(told)
        .startsWith("Record 2 of issuer.jsonl  mint  2030-")
        .containsPattern("SIGNED  checkpoint 3 by ed25519/[0-9a-f]{16}…")
        .contains(
            "delegator     user:alice@acme.com",
            "authority by user:alice@acme.com to agent:planner")
        .containsPattern("jira\\.delete, .* approved by");
    assertThat(
            cli.ok(
                "audit",
                "show",
                hash.substring(0, 12),
                "issuer.jsonl",
                "--audit-public-key",
                "issuer-log.pub"))
        .contains("checkpoint", hash);
    Cli.Result untrusted = cli.run("audit", "show", "2", "issuer.jsonl");
    assertThat(untrusted.exit()).isEqualTo(1);
    assertThat(untrusted.out()).contains("NOT VERIFIED", "any key may have signed it");
    assertThat(run(audit("show")).exit()).isEqualTo(2);
  }

  @Test
  void show_aDecision_saysWhatItRestsOnWithNames() throws Exception {
    String json =
        cli.ok(
            "audit",
            "export",
            "sqlite:jira.db",
            "--audit-public-key",
            "jira-log.pub",
            "--format",
            "json");
    String hash = "";
    for (String line : json.split("\n", -1)) {
      if (line.contains("\"kind\":\"allow\"")) {
        hash = JSON.readTree(line).get("hash").asText();
      }
    }
    String[] args = {
      "audit",
      "show",
      hash,
      "sqlite:jira.db",
      "--audit-public-key",
      "jira-log.pub",
      "--names",
      "names.json"
    };
    assertThat(cli.ok(args))
        .contains("call          jira.delete on jira:project/ACME/Q3/12")
        .containsPattern("root key +issuer:acme \\(ed25519/[0-9a-f]{64}\\)")
        .containsPattern("rests on +approval .* by user:boss@acme.com");
    JsonNode told = JSON.readTree(cli.ok(concat(args, "--json")));
    assertThat(told.get("signed").asBoolean()).isTrue();
    assertThat(told.get("record").get("call").get("tool").asText()).isEqualTo("jira.delete");
    assertThat(told.get("names").get(story.boss).asText()).isEqualTo("user:boss@acme.com");
  }

  private static String[] concat(String[] args, String more) {
    String[] all = Arrays.copyOf(args, args.length + 1);
    all[args.length] = more;
    return all;
  }

  @Test
  void show_unknownOrUnclearRecord_isUsage() {
    Cli.Result unclear = run(show("0"));
    assertThat(unclear.exit()).isEqualTo(2);
    assertThat(unclear.err()).contains("several records are meant by 0");
    assertThat(run(show("99")).err()).contains("no such record: 99");
    assertThat(run(show("boss")).err()).contains("a record is named by its number");
  }

  private static List<String> show(String record) {
    List<String> args = audit("show");
    args.add(2, record);
    return args;
  }

  @Test
  void export_json_hasTheRecordsAsTheyWereSigned() throws Exception {
    List<String> lines = Files.readAllLines(folder.resolve("boss.jsonl"));
    String exported =
        cli.ok(
            "audit",
            "export",
            "boss.jsonl",
            "--audit-public-key",
            "boss-log.pub",
            "--format",
            "json",
            "--names",
            "names.json");
    List<String> records = exported.lines().toList();

    assertThat(records).hasSameSizeAs(lines);
    for (int i = 0; i < lines.size(); i++) {
      JsonNode one = JSON.readTree(records.get(i));
      assertThat(one.get("format").asText()).isEqualTo("taper/1 audit export");
      assertThat(one.get("record")).isEqualTo(JSON.readTree(lines.get(i)));
      if (i + 1 < lines.size()) {
        assertThat(JSON.readTree(lines.get(i + 1)).get("prev")).isEqualTo(one.get("hash"));
      }
    }
    assertThat(exported).contains("\"names\":{\"" + story.boss + "\":\"user:boss@acme.com\"}");
    assertThat(ok(audit("export", "--format", "json", "--tool", "jira.*")).lines()).hasSize(3);
    assertThat(run(audit("export", "--format", "xml")).exit()).isEqualTo(2);
  }

  @Test
  void verify_headOfOneOfSeveralLogs_isUsage() {
    assertThat(run(audit("verify", "--head", "0:" + "0".repeat(64))).err())
        .contains("--head is of one log");
  }

  @Test
  void rotate_aLog_goesOnInANewFileAndIsToldAsOne() throws Exception {
    String[] rotate = {"audit", "rotate", "issuer.jsonl", "--audit-key", "issuer-log.key"};
    assertThat(cli.ok(rotate)).matches("6:[0-9a-f]{64}\n");
    cli.ok(
        "delegate",
        "planner.token",
        "--key",
        "planner.key",
        "--holder",
        "agent:researcher=researcher.pub",
        "--out",
        "new.token",
        "--audit",
        "issuer.jsonl",
        "--audit-key",
        "issuer-log.key");

    String[] verify = {"audit", "verify", "issuer.jsonl", "--audit-public-key", "issuer-log.pub"};
    assertThat(cli.ok(verify)).startsWith("INTACT  9 records");
    assertThat(ok(audit("trace", "--task", "T-4711")))
        .contains("→ agent:planner", "→ agent:researcher", "revoked at ");

    Path first = folder.resolve("issuer.jsonl.000001");
    Cli.Result alone =
        cli.run(
            "audit",
            "verify",
            first.getFileName().toString(),
            "--audit-public-key",
            "issuer-log.pub");
    assertThat(alone.exit()).isEqualTo(1);
    assertThat(alone.out())
        .contains("missing", "file 2 of the log is missing, in which it goes on");
    assertThat(
            cli.ok(
                "audit",
                "verify",
                "issuer.jsonl.000001",
                "--part",
                "--audit-public-key",
                "issuer-log.pub"))
        .startsWith("INTACT");
    Files.delete(first);
    Cli.Result gap = cli.run(verify);
    assertThat(gap.exit()).isEqualTo(1);
    assertThat(gap.out()).contains("file 1 of the log is missing before file 2");
    assertThat(cli.run("audit", "rotate", "no.jsonl", "--audit-key", "issuer-log.key").exit())
        .isEqualTo(5);
  }

  @Test
  void auditKey_encrypted_signsWithItsPassphrase() {
    cli.secret("words", "correct horse\n");
    cli.ok("keygen", "--format", "pem", "--passphrase-file", "words", "--out", "locked.key");
    String[] mint = {
      "mint",
      "--key",
      "root.key",
      "--delegator",
      "user:alice@acme.com",
      "--holder",
      "agent:planner=planner.pub",
      "--task",
      "T-1",
      "--grant",
      "jira.get",
      "--expires",
      "1h",
      "--out",
      "one.token",
      "--audit",
      "locked.jsonl",
      "--audit-key",
      "locked.key"
    };
    Cli.Result without = cli.run(mint);
    assertThat(without.exit()).isNotZero();
    assertThat(without.err()).contains("passphrase");
    assertThat(folder.resolve("one.token")).doesNotExist();

    String[] opened = Arrays.copyOf(mint, mint.length + 2);
    opened[mint.length] = "--audit-passphrase-file";
    opened[mint.length + 1] = "words";
    cli.ok(opened);
    cli.ok(
        "audit",
        "rotate",
        "locked.jsonl",
        "--audit-key",
        "locked.key",
        "--audit-passphrase-file",
        "words");
    assertThat(cli.ok("audit", "verify", "locked.jsonl", "--audit-public-key", "locked.pub"))
        .startsWith("INTACT");
    assertThat(
            cli.run("audit", "rotate", "locked.jsonl", "--audit-passphrase-file", "words").exit())
        .isEqualTo(2);
  }

  @Test
  void show_aDenial_saysWhichCheckDecided() throws Exception {
    String exported =
        cli.ok(
            "audit",
            "export",
            "sqlite:jira.db",
            "--audit-public-key",
            "jira-log.pub",
            "--denied",
            "--format",
            "json");
    String hash = JSON.readTree(exported).get("hash").asText();
    assertThat(
            cli.ok("audit", "show", hash, "sqlite:jira.db", "--audit-public-key", "jira-log.pub"))
        .containsPattern("decided by +check \\d+ of block 0");
  }
}
