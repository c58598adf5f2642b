package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taper.audit.AuditSink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditCommandsTest {
  private static final String[] AUDIT = {"--audit", "audit.jsonl", "--audit-key", "audit.key"};
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private Cli cli;
  private Agents agents;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder);
    agents = new Agents(cli);
    cli.ok("keygen", "--out", "audit.key");
    agents.mint(
        "planner.token", with("--purpose", "triage <script>alert(1)</script> & \"friends\""));
    agents.delegate(
        "planner",
        "researcher",
        with("--grant", "jira.search on jira:project/ACME/Q3/*", "--expires", "10m"));
    cli.file("delete.json", "{\"tool\": \"jira.delete\", \"resource\": \"jira:project/ACME/<b>\"}");
    call("search.json", 0);
    call("delete.json", 1);
  }

  private static String[] with(String... args) {
    return concat(args, AUDIT);
  }

  private void call(String request, int exit) {
    agents.prove("researcher", request, "svc:jira", "call.proof");
    Cli.Result result = agents.decide("researcher", request, with("--proof", "call.proof"));
    assertThat(result.exit()).as(result.err()).isEqualTo(exit);
  }

  private String[] audit(String command, String... more) {
    String[] all = new String[more.length + 5];
    all[0] = "audit";
    all[1] = command;
    all[2] = "audit.jsonl";
    all[3] = "--audit-public-key";
    all[4] = "audit.pub";
    System.arraycopy(more, 0, all, 5, more.length);
    return all;
  }

  private List<String> kinds() throws Exception {
    return Files.readAllLines(folder.resolve("audit.jsonl")).stream()
        .map(line -> line.replaceAll(".*\"kind\":\"([a-z_]+)\".*", "$1"))
        .filter(kind -> !kind.equals("checkpoint"))
        .toList();
  }

  @Test
  void auditOption_ofEveryCommand_leavesARecordAndASignature() throws Exception {
    assertThat(kinds()).containsExactly("open", "mint", "delegate", "allow", "deny");
    assertThat(cli.ok(audit("verify")))
        .startsWith("INTACT  10 records, 5 checkpoints\n  head: 9:")
        .contains("signed up to record 9")
        .doesNotContain("not signed");
    assertThat(cli.read("audit.jsonl")).doesNotContain(cli.read("planner.token").substring(0, 40));
  }

  @Test
  void authorize_proofUsedBefore_isRecordedAsTheDenialThatItBecame() throws Exception {
    agents.prove("researcher", "search.json", "svc:jira", "call.proof");
    for (int exit : new int[] {0, 1}) {
      Cli.Result result =
          agents.decide(
              "researcher",
              "search.json",
              with("--proof", "call.proof", "--replay-memory", "replays"));
      assertThat(result.exit()).as(result.err()).isEqualTo(exit);
    }

    assertThat(kinds()).endsWith("allow", "deny");
    assertThat(cli.read("audit.jsonl")).contains("\"code\":\"proof_replayed\"");
  }

  @Test
  void authorize_atAPretendedTime_isNotRecorded() throws Exception {
    List<String> before = kinds();
    agents.prove("researcher", "search.json", "svc:jira", "call.proof");
    for (String[] told :
        List.of(
            with("--proof", "call.proof", "--time", "+1m"),
            new String[] {
              "--proof", "call.proof", "--time", "+1m", "--registry", "sqlite:taper.db"
            })) {
      Cli.Result result = agents.decide("researcher", "search.json", told);
      assertThat(result.exit()).isEqualTo(2);
      assertThat(result.err())
          .containsPattern("--(audit|registry) goes without --time: .* \\(usage\\)");
    }
    assertThat(kinds()).isEqualTo(before);
    assertThat(folder.resolve("taper.db")).doesNotExist();
  }

  @Test
  void auditOption_logInUseByAnotherWriter_doesNothing() {
    AuditSink writer = AuditSink.inFile(folder.resolve("audit.jsonl"), Clock.systemUTC());
    Cli.Result result =
        cli.run(
            with(
                "delegate",
                "planner.token",
                "--key",
                "planner.key",
                "--holder",
                "agent:scraper=scraper.pub",
                "--out",
                "new.token"));
    writer.close();

    assertThat(result.exit()).isEqualTo(5);
    assertThat(result.err()).contains("(audit_locked)");
    assertThat(folder.resolve("new.token")).doesNotExist();
  }

  /** The log is told of the denial too; by then standard input, with its key, has been read. */
  @Test
  void authorize_logInUseAndKeyFromStandardInput_saysThatItIsInUse() {
    agents.prove("researcher", "search.json", "svc:jira", "call.proof");
    cli.stdin(cli.read("audit.key"));
    AuditSink writer = AuditSink.inFile(folder.resolve("audit.jsonl"), Clock.systemUTC());
    Cli.Result result =
        agents.decide(
            "researcher",
            "search.json",
            "--proof",
            "call.proof",
            "--audit",
            "audit.jsonl",
            "--audit-key",
            "-");
    writer.close();

    assertThat(result.exit()).isEqualTo(5);
    assertThat(result.err()).contains("(audit_locked)");
  }

  @Test
  void auditOption_ofWhatAddsABlock_leavesARecordToo() throws Exception {
    cli.ok("delegate", "planner.token", "-k", "planner.key", "--to-bearer", "-o", "b.token");
    cli.ok("third-party", "request", "planner.token", "-o", "request");
    cli.ok("third-party", "sign", "request", "-k", "root.key", "-b", "group(1)", "-o", "signed");
    for (String command :
        List.of(
            "attenuate b.token --ttl 2m -o less.token",
            "attenuate planner.token -k planner.key --ttl 2m -o own.token",
            "third-party append planner.token -k planner.key -c signed -o vouched.token")) {
      int before = kinds().size();
      cli.ok(with(command.split(" ")));
      assertThat(kinds()).as(command).hasSize(before + 1).endsWith("delegate");
    }
    assertThat(cli.read("audit.jsonl")).contains("\"by\":\"bearer\"");
    cli.ok(audit("verify"));
  }

  @Test
  void auditOption_ofSeal_saysWhoSealedWhichToken() throws Exception {
    cli.ok(with("seal", "planner.token", "-k", "planner.key", "-o", "sealed.token"));
    assertThat(kinds()).endsWith("seal");
    cli.ok("delegate", "planner.token", "-k", "planner.key", "--to-bearer", "-o", "b.token");
    cli.ok(with("seal", "b.token", "-o", "sealed.token"));
    assertThat(kinds()).endsWith("seal", "seal");
    assertThat(cli.ok(audit("trace", "--agent", "agent:planner")))
        .contains("seal, by agent:planner");
    String[] noKey = with("seal", "planner.token", "-o", "no.token");
    assertThat(cli.run(noKey).err()).contains("a held token is sealed by its holder: use --key");
    cli.file("block.datalog", "right(\"file1\");");
    cli.ok("mint", "block.datalog", "--key", "root.key", "-o", "plain.token");
    assertThat(cli.run(with("seal", "plain.token", "-o", "no.token")).err())
        .contains("--audit records delegation tokens only", "(usage)");
    assertThat(folder.resolve("no.token")).doesNotExist();
  }

  @Test
  void attenuate_plainTokenToBeRecordedOrHeldOneWithoutItsKey_isRefused() {
    cli.file("block.datalog", "right(\"file1\");");
    cli.ok("mint", "block.datalog", "--key", "root.key", "-o", "plain.token");
    assertThat(cli.run(with("attenuate", "plain.token", "--ttl", "2m", "-o", "less.token")).err())
        .contains("--audit records delegation tokens only", "(usage)");
    Cli.Result held = cli.run("attenuate", "planner.token", "--ttl", "2m", "-o", "less.token");
    assertThat(held.exit()).isEqualTo(2);
    assertThat(held.err()).contains("only its holder adds to a held token: use --key FILE");
    assertThat(folder.resolve("less.token")).doesNotExist();
  }

  @Test
  void auditOption_withoutItsKeyOrForAPlainToken_isUsage() {
    assertThat(
            cli.run(
                    "delegate",
                    "planner.token",
                    "--key",
                    "planner.key",
                    "--to-self",
                    "--audit",
                    "a")
                .err())
        .contains("--audit-key", "(usage)");
    cli.file("block.datalog", "right(\"file1\");");
    assertThat(cli.run(with("mint", "block.datalog", "--key", "root.key")).exit()).isEqualTo(2);
    assertThat(cli.run(with("authorize", "planner.token", "-p", "root.pub")).exit()).isEqualTo(2);
  }

  @Test
  void verify_recordChanged_namesIt() throws Exception {
    Path log = folder.resolve("audit.jsonl");
    Files.writeString(log, Files.readString(log).replace("\"jira.delete\"", "\"jira.create\""));

    Cli.Result result = cli.run(audit("verify"));
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).startsWith("NOT INTACT  edited  line 9, record 8\n");
    JsonNode json = JSON.readTree(cli.run(audit("verify", "--json")).out());
    assertThat(json.get("intact").asBoolean()).isFalse();
    assertThat(json.get("flaw").get("kind").asText()).isEqualTo("edited");
    assertThat(json.get("flaw").get("record").asInt()).isEqualTo(8);

    Cli.Result trace = cli.run(audit("trace", "--task", "T-4711"));
    assertThat(trace.exit()).isEqualTo(1);
    assertThat(trace.out()).isEmpty();
    assertThat(trace.err()).contains("(audit_edited)");
  }

  @Test
  void verify_endCutOff_isFoundByTheHead() throws Exception {
    JsonNode whole = JSON.readTree(cli.ok(audit("verify", "--json")));
    List<String> lines = Files.readAllLines(folder.resolve("audit.jsonl"));
    Files.write(folder.resolve("audit.jsonl"), lines.subList(0, 8));

    assertThat(cli.run(audit("verify")).exit()).isZero();
    Cli.Result result = cli.run(audit("verify", "--head", whole.get("head").asText()));
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .contains("truncated", "the log ends with record 7, but had a record 9");
    assertThat(cli.run(audit("verify", "--head", "9")).exit()).isEqualTo(2);
  }

  @Test
  void verify_anotherKeyOrNone_isSaid() {
    assertThat(cli.run("audit", "verify", "audit.jsonl", "--audit-public-key", "root.pub").out())
        .contains("untrusted");
    Cli.Result unnamed = cli.run("audit", "verify", "audit.jsonl");
    assertThat(unnamed.exit()).isEqualTo(1);
    assertThat(unnamed.out())
        .startsWith("CHAINED  10 records, 5 checkpoints; any key may have signed it")
        .contains("signed by " + cli.read("audit.pub").strip())
        .doesNotContain("INTACT");
    Cli.Result trace = cli.run("audit", "trace", "audit.jsonl", "--task", "T-4711");
    assertThat(trace.out()).startsWith("NOT VERIFIED  any key may have signed it");
    assertThat(cli.run("audit", "verify", "nothing.jsonl").exit()).isEqualTo(5);
  }

  @Test
  void trace_task_showsWhoGrantedWhatAndWhatWasDone() {
    String trace = cli.ok(audit("trace", "--task", "T-4711"));

    assertThat(trace)
        .contains(
            "Task T-4711  triage <script>",
            "  user:alice@acme.com\n  → agent:planner  living until 2030-01-01T13:00:00Z (in 1"
                + " hour)  token ",
            "authority by user:alice@acme.com: jira.*, list or read, jira:project/ACME/*",
            "      → agent:researcher  living until 2030-01-01T12:10:00Z",
            "delegated by agent:planner: jira.search, list or read, jira:project/ACME/Q3/*",
            "used: 1 allowed, 1 denied",
            "#6  ✓ jira.search read on jira:project/ACME/Q3/12 at svc:jira  by agent:researcher,"
                + " proven\n",
            "#8  ✗ jira.delete on jira:project/ACME/<b> at svc:jira  out_of_scope  by"
                + " agent:researcher, proven\n");
  }

  @Test
  void trace_agentOrToken_isTheSameStory() throws Exception {
    JsonNode byTask = JSON.readTree(cli.ok(audit("trace", "--task", "T-4711", "--json")));
    JsonNode planner = byTask.get("tasks").get(0).get("tokens").get(0);
    assertThat(planner.get("holder").asText()).isEqualTo("agent:planner");
    assertThat(planner.get("handed_on").get(0).get("calls")).hasSize(2);

    assertThat(JSON.readTree(cli.ok(audit("trace", "--token", "planner.token", "--json"))))
        .isEqualTo(byTask);
    String digest = planner.get("token").asText();
    assertThat(JSON.readTree(cli.ok(audit("trace", "--token", digest.substring(0, 12), "--json"))))
        .isEqualTo(byTask);
    JsonNode researcher =
        JSON.readTree(cli.ok(audit("trace", "--agent", "agent:researcher", "--json")));
    assertThat(researcher.toString()).contains("\"allowed\":1", "jira.search");
    assertThat(researcher.get("tasks").get(0).get("tokens").get(0).get("events")).isEmpty();
  }

  @Test
  void trace_nothingFoundOrAskedFor_isAnError() {
    Cli.Result nothing = cli.run(audit("trace", "--task", "T-1"));
    assertThat(nothing.err()).contains("(nothing_found)");
    assertThat(nothing.exit()).isEqualTo(6);
    assertThat(cli.run(audit("trace")).exit()).isEqualTo(2);
  }

  @Test
  void traceAndExport_callWithoutAProof_doNotSayThatTheAgentActed() throws Exception {
    assertThat(agents.decide("researcher", "search.json", with()).exit()).isEqualTo(1);

    assertThat(cli.ok(audit("trace", "--task", "T-4711")))
        .contains(
            "used: 1 allowed, 1 denied; denied to unknown callers: 1",
            "✗ jira.search at svc:jira  proof_required  by unknown: no good proof\n");
    List<String> lines = cli.ok(audit("export", "--format", "ocsf")).lines().toList();
    JsonNode event = JSON.readTree(lines.get(lines.size() - 1));
    assertThat(event.get("status_code").asText()).isEqualTo("proof_required");
    assertThat(event.get("actor").get("app_name").asText()).isEqualTo("unknown");
    assertThat(event.get("unmapped").get("taper").get("proven").asBoolean()).isFalse();
    assertThat(JSON.readTree(lines.get(2)).get("unmapped").get("taper").get("proven").asBoolean())
        .isTrue();
  }

  @Test
  void export_ocsf_isOneApiActivityALine() throws Exception {
    List<String> lines = cli.ok(audit("export", "--format", "ocsf")).lines().toList();

    assertThat(lines).hasSize(4);
    for (String line : lines) {
      JsonNode event = JSON.readTree(line);
      assertThat(event.get("class_uid").asInt()).isEqualTo(6003);
      assertThat(event.get("type_uid").asLong())
          .isEqualTo(600300 + event.get("activity_id").asLong());
      assertThat(event.get("metadata").get("version").asText()).isEqualTo("1.7.0");
      for (String required :
          List.of("category_uid", "severity_id", "time", "actor", "api", "src_endpoint")) {
        assertThat(event.has(required)).as(required).isTrue();
      }
    }
    JsonNode allowed = JSON.readTree(lines.get(2));
    assertThat(allowed.get("activity_id").asInt()).isEqualTo(2);
    assertThat(allowed.get("action").asText()).isEqualTo("Allowed");
    assertThat(allowed.get("actor").get("app_name").asText()).isEqualTo("agent:researcher");
    assertThat(allowed.get("unmapped").get("taper").get("delegation")).hasSize(2);
    JsonNode denied = JSON.readTree(lines.get(3));
    assertThat(denied.get("status_code").asText()).isEqualTo("out_of_scope");
    assertThat(denied.get("unmapped").get("taper").get("failing_hop").asInt()).isZero();
    assertThat(cli.run(audit("export", "--format", "cef")).exit()).isEqualTo(2);
  }

  @Test
  void report_page_isSelfContainedAndEscaped() {
    cli.ok(audit("report", "--task", "T-4711", "--html", "report.html"));

    String page = cli.read("report.html");
    assertThat(page)
        .startsWith("<!doctype html>")
        .contains("default-src 'none'", "prefers-color-scheme: dark", "agent:researcher")
        .contains("triage &lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;friends&quot;")
        .contains("jira:project/ACME/&lt;b&gt;", "out_of_scope at hop 0")
        .doesNotContain("<script", "http://", "https://", "src=", "@import", "url(");
    assertThat(cli.ok(audit("report", "--task", "T-4711", "--html", "-"))).isEqualTo(page);
    assertThat(
            cli.ok(audit("report", "--task", "T-4711", "--agent", "agent:planner", "--html", "-")))
        .contains("counted</dt>\n<dd>records of task T-4711, and about agent:planner</dd>");
  }

  @Test
  void approveAndJustify_areRecordedWithWhoAndWhy() throws Exception {
    agents.mint(
        "planner.token",
        "--grant",
        "jira.delete if approved by " + cli.read("scraper.pub").strip(),
        "--grant",
        "jira.close if justified");
    cli.ok(
        "escalate",
        "planner.token",
        "--request",
        "delete.json",
        "--audience",
        "svc:jira",
        "--reason",
        "a duplicate",
        "--out",
        "ask.json");
    String[] approve = {
      "approve", "ask.json", "--public-key", "root.pub", "--key", "scraper.key", "--yes"
    };
    cli.ok(with(approve));
    cli.ok(with(concat(approve, "--calls", "jira.delete", "--uses", "3")));
    cli.ok(
        with(
            "justify",
            "planner.token",
            "--key",
            "planner.key",
            "--tool",
            "jira.close",
            "--reason",
            "fixed in May"));

    assertThat(kinds()).endsWith("approve", "approve", "justify");
    assertThat(cli.ok(audit("trace", "--agent", "agent:planner")))
        .contains("jira.delete on jira:project/ACME/<b>, approval ")
        .contains("approved, until 2030-01-01T12:15:00Z, \"a duplicate\"")
        .contains("approved 3 times: jira.delete, until 2030-01-01T12:15:00Z")
        .contains("justify, by agent:planner, justification jira.close")
        .contains("\"fixed in May\"");
    assertThat(cli.ok(audit("trace", "--agent", cli.read("scraper.pub").strip())))
        .contains("approve, by ed25519/");
  }

  @Test
  void revokeAndTaskEnd_areRecordedAndEndWhatTheyConcern() throws Exception {
    String[] list = {"--revocations", "revoked.list", "--key", "root.key"};
    cli.ok(
        with(
            concat(list(list, "revoke", "block", "researcher.token"), "--public-key", "root.pub")));

    String trace = cli.ok(audit("trace", "--task", "T-4711"));
    assertThat(trace).contains("agent:researcher  revoked at ", "agent:planner  living until ");

    cli.ok(with(list(list, "task", "end", "T-4711")));
    assertThat(kinds()).endsWith("revoke", "task_end");
    assertThat(cli.ok(audit("trace", "--task", "T-4711")))
        .contains("agent:planner  task ended at ");
  }

  @Test
  void reviewAndRotate_areRecordedWithWhoAndWhat() throws Exception {
    String[] registry = {"--registry", "sqlite:registry.db"};
    agents.mint("planner.token", with(registry));
    cli.ok(
        list(
            registry,
            "review",
            "start",
            "--title",
            "Q4",
            "--reviewer",
            "user:erin",
            "--due",
            "7d"));
    cli.ok(
        with(
            list(
                registry,
                "review",
                "certify",
                "1",
                "--all",
                "--reviewer",
                "user:erin",
                "--reason",
                "still triaging")));
    cli.file("keys.json", "[]");
    cli.ok("rotate", "start", "--keys", "keys.json", "--new-key", "root.pub");
    cli.ok(with("rotate", "start", "--keys", "keys.json", "--new-key", "scraper.pub"));
    cli.ok(with("rotate", "retire", "--keys", "keys.json", "--key-id", "0", "--early"));

    assertThat(kinds()).endsWith("mint", "review", "rotate", "rotate");
    assertThat(cli.ok(audit("trace", "--token", "planner.token")))
        .contains("review, by user:erin, block ", "certified, \"still triaging\"");
    assertThat(cli.ok(audit("trace", "--agent", cli.read("root.pub").strip())))
        .contains("rotate, root_key ed25519/", ", retired");
  }

  @Test
  void reviewRevoke_endsTheTokenAndWhatWasHandedOnFromIt() {
    String[] registry = {"--registry", "sqlite:registry.db"};
    agents.mint("planner.token", with(registry));
    agents.delegate("planner", "researcher", with(list(registry, "--grant", "jira.search")));
    String[] who = {"--reviewer", "user:erin"};
    cli.ok(concat(list(registry, "review", "start", "--title", "Q4", "--due", "7d"), who));
    cli.ok(with(concat(list(registry, "review", "revoke", "1", "1"), who)));

    assertThat(cli.ok(audit("trace", "--token", "researcher.token")))
        .contains("agent:planner  revoked at ", "agent:researcher  revoked at ")
        .doesNotContain("living");
  }

  private static String[] list(String[] list, String... command) {
    return concat(command, list);
  }

  private static String[] concat(String[] first, String... second) {
    String[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
