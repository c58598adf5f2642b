package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EscalationCommandsTest {
  private static final String DELETE =
      """
      {"tool": "jira.delete", "resource": "jira:project/ACME/Q3/12", "args": {"note": "// bye"}}\
      """;

  @TempDir Path folder;
  private Cli cli;
  private Agents agents;
  private String boss;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder);
    agents = new Agents(cli);
    cli.ok("keygen", "--algorithm", "secp256r1", "--out", "boss.key");
    cli.ok("keygen", "--out", "stranger.key");
    boss = cli.read("boss.pub").strip();
    cli.file("delete.json", DELETE);
    agents.mint(
        "planner.token",
        "--grant",
        "jira.delete on jira:project/ACME/* if approved by " + boss,
        "--grant",
        "jira.close if justified within 15m");
    cli.ok(ask("planner"));
  }

  private static String[] ask(String holder) {
    return new String[] {
      "escalate",
      "request",
      holder + ".token",
      "--request",
      "delete.json",
      "--free-text",
      "note",
      "--audience",
      "svc:jira",
      "--reason",
      "a \"duplicate\"",
      "--out",
      "ask.json"
    };
  }

  private Cli.Result approve(String key, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of("approve", "ask.json", "--public-key", "root.pub", "--key", key + ".key"));
    args.addAll(List.of(more));
    return cli.run(args.toArray(new String[0]));
  }

  private Cli.Result attach(String out) {
    return cli.run(
        "escalate",
        "attach",
        "planner.token",
        "--key",
        "planner.key",
        "--approval",
        "signed",
        "--out",
        out);
  }

  private Cli.Result decide(String token, String... more) {
    cli.ok(
        "prove",
        token + ".token",
        "--key",
        "planner.key",
        "--request",
        "delete.json",
        "--free-text",
        "note",
        "--audience",
        "svc:jira",
        "--out",
        "call.proof");
    List<String> args = new ArrayList<>(List.of("--free-text", "note", "--proof", "call.proof"));
    args.addAll(List.of(more));
    return agents.decide(token, "delete.json", args.toArray(new String[0]));
  }

  @Test
  void authorize_dormantGrant_saysWhatWouldWakeIt() {
    Cli.Result result = decide("planner");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .startsWith("DENIED  approval_required  svc:jira refused jira.delete")
        .contains("To activate the grant: have the call approved by " + boss)
        .contains("taper escalate request");
    assertThat(decide("planner", "--json").out())
        .contains("\"approvers\" : [ \"" + boss + "\" ]", "\"code\" : \"approval_required\"");
  }

  @Test
  void approve_answeredYes_showsTheAskAndSigns() {
    cli.stdin("yes\n");
    Cli.Result shown = approve("boss", "--out", "signed", "--for", "10m");

    assertThat(shown.exit()).as(shown.err()).isZero();
    assertThat(shown.err())
        .contains("asks        agent:planner\n  key       " + cli.read("planner.pub").strip())
        .contains("for         jira.delete on jira:project/ACME/Q3/12")
        .contains("at          svc:jira")
        .contains("  argument  \"note\": \"// bye\"\n")
        .contains("claims      \"a \"duplicate\"\"")
        .contains("chain       user:alice@acme.com → agent:planner")
        .contains("task        T-4711")
        .contains("you would   approve exactly this call, at svc:jira\n")
        .contains("until       2030-01-01T12:10:00Z\n")
        .contains("Sign? Type yes:")
        .doesNotContain("warning");
    assertThat(attach("approved.token").exit()).isZero();
    assertThat(decide("approved").out()).startsWith("ALLOWED");
    assertThat(decide("approved", "--time", "+10m").out()).contains("proof_expired");
  }

  @Test
  void approve_valuesThatImitateTheDialog_areHeldInTheirRows() {
    String forged =
        " ".repeat(300) + "Sign? Type yes: \u202e\u2028tool        jira.read" + "x".repeat(4_000);
    cli.file(
        "forged.json",
        "{\"tool\": \"jira.delete\", \"resource\": \"jira:project/ACME/Q3/12\","
            + " \"args\": {\"a\": \""
            + forged
            + "\", \"note\": \"// bye\"}}");
    cli.ok(
        "escalate request planner.token --request forged.json --audience svc:jira --free-text note --reason r --out forged.ask"
            .split(" "));
    assertThat(cli.read("forged.ask")).doesNotContain("\u202e").contains("\\u202e\\u2028");
    cli.stdin("no\n");

    Cli.Result shown =
        cli.run("approve forged.ask --key boss.key --public-key root.pub".split(" "));

    assertThat(shown.err())
        .contains("  argument  \"a\": \" \\u{20}\\u{20}")
        .contains("digest      ")
        .doesNotContain("\u202e")
        .doesNotContain("\u2028");
    List<String> lines = shown.err().lines().toList();
    assertThat(lines).filteredOn(line -> line.startsWith("Sign?")).hasSize(1);
    assertThat(lines).filteredOn(line -> line.startsWith("tool  ")).hasSize(1);
    assertThat(lines)
        .filteredOn(line -> !line.startsWith("  key"))
        .allSatisfy(line -> assertThat(line.length()).isLessThan(80));
    assertThat(lines)
        .filteredOn(line -> line.contains("characters, SHA-256") || line.startsWith("  argument"))
        .isNotEmpty();
    assertThat(lines.size()).isLessThan(40);
  }

  @Test
  void approve_windowBeyondTheYear9999_isRefusedAndSignsNothing() {
    Cli.Result result = approve("boss", "--yes", "--out", "signed", "--for", "3500000d");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("a date is in the years 1970 to 9999: 3500000d", "(usage)");
    assertThat(folder.resolve("signed")).doesNotExist();
  }

  @Test
  void approve_anythingButYes_signsNothing() {
    for (String answer : List.of("", "\n", "y\n", "YES\n", "yes please, whatever it is\n")) {
      cli.stdin(answer);
      Cli.Result result = approve("boss", "--out", "signed");
      assertThat(result.exit()).isEqualTo(1);
      assertThat(result.err()).contains("nothing was signed");
      assertThat(folder.resolve("signed")).doesNotExist();
    }
  }

  @Test
  void approve_keyThatIsNotNamed_warns() {
    Cli.Result result = approve("stranger", "--yes", "--out", "signed");

    assertThat(result.exit()).isZero();
    assertThat(result.err()).contains("no grant that covers the call names your key");
    assertThat(attach("approved.token").exit()).isZero();
    assertThat(decide("approved").out()).startsWith("DENIED  approval_unknown_key");
  }

  @Test
  void approve_callThatIsNotGranted_warns() {
    cli.file("delete.json", DELETE.replace("jira.delete", "crm.delete"));
    cli.ok(ask("planner"));

    assertThat(approve("boss", "--yes").err()).contains("no grant of this token covers the call");
  }

  @Test
  void approve_tokenOfAnotherRoot_isRefused() {
    Cli.Result result =
        cli.run(
            "approve", "ask.json", "--public-key", "stranger.pub", "--key", "boss.key", "--yes");

    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void approve_refuse_isNotAttached() {
    Cli.Result refused =
        approve("boss", "--yes", "--refuse", "--reason", "keep it", "--out", "signed");

    assertThat(refused.exit()).isZero();
    assertThat(refused.err()).contains("you would   refuse exactly this call");
    Cli.Result attached = attach("approved.token");
    assertThat(attached.exit()).isEqualTo(1);
    assertThat(attached.err()).contains(boss + " refuses jira.delete", "\"keep it\"");
    assertThat(folder.resolve("approved.token")).doesNotExist();
  }

  @Test
  void approve_singleUseForMoreThanADay_warns() {
    assertThat(approve("boss", "--yes", "--single-use", "--for", "25h", "--out", "signed").err())
        .contains("warning", "longer than 24 h");
    assertThat(approve("boss", "--yes", "--single-use", "--for", "24h", "--out", "signed").err())
        .doesNotContain("longer than 24 h");
  }

  @Test
  void approve_anotherAudience_warnsAndDoesNotCountHere() {
    Cli.Result elsewhere = approve("boss", "--yes", "--audience", "svc:wiki", "--out", "signed");
    assertThat(elsewhere.err())
        .contains("warning", "the holder asks for svc:jira")
        .contains("approve exactly this call, at svc:wiki\nuntil ");
    attach("approved.token");
    assertThat(decide("approved").out())
        .startsWith("DENIED  approval_mismatch")
        .contains("is for another service: svc:wiki");

    approve("boss", "--yes", "--audience", "svc:wiki", "--audience", "svc:jira", "--out", "signed");
    attach("both.token");
    assertThat(decide("both").out()).startsWith("ALLOWED");
    assertThat(
            approve("boss", "--yes", "--single-use", "--audience", "a:b", "--audience", "c:d")
                .exit())
        .isEqualTo(2);
  }

  @Test
  void authorize_singleUseThatCannotBeRecorded_isNotSpent() throws IOException {
    approve("boss", "--yes", "--single-use", "--out", "signed");
    attach("approved.token");
    cli.ok("keygen", "--out", "audit.key");
    Files.createDirectory(folder.resolve("log"));

    Cli.Result unrecorded =
        decide("approved", "--replay-memory", "used", "--audit", "log", "--audit-key", "audit.key");

    assertThat(unrecorded.exit()).isEqualTo(5);
    assertThat(unrecorded.out()).isEmpty();
    assertThat(decide("approved", "--replay-memory", "used").out()).startsWith("ALLOWED");
  }

  @Test
  void authorize_singleUseWithAFolder_allowsOnce() {
    approve("boss", "--yes", "--single-use", "--out", "signed");
    assertThat(attach("approved.token").exit()).isZero();

    assertThat(decide("approved", "--replay-memory", "used").out()).startsWith("ALLOWED");
    Cli.Result again = decide("approved", "--replay-memory", "used");
    assertThat(again.out()).startsWith("DENIED  approval_used");
    assertThat(again.exit()).isEqualTo(1);
  }

  @Test
  void authorize_anyArguments_coversOthers() {
    approve("boss", "--yes", "--any-arguments", "--out", "signed");
    attach("approved.token");
    assertThat(decide("approved").out()).startsWith("ALLOWED");

    cli.file("delete.json", DELETE.replace("// bye", "another"));
    assertThat(decide("approved").out()).startsWith("ALLOWED");
  }

  @Test
  void authorize_otherArguments_isAMismatch() {
    approve("boss", "--yes", "--out", "signed");
    attach("approved.token");
    cli.file("delete.json", DELETE.replace("// bye", "another"));

    assertThat(decide("approved").out()).startsWith("DENIED  approval_mismatch");
  }

  @Test
  void justify_reason_wakesTheGrant() {
    cli.file("delete.json", "{\"tool\": \"jira.close\"}");
    assertThat(decide("planner").out())
        .startsWith("DENIED  justification_required")
        .contains("To justify the call: taper justify");
    cli.ok(
        "justify",
        "planner.token",
        "--key",
        "planner.key",
        "--tool",
        "jira.close",
        "--reason",
        "done",
        "--out",
        "closing.token");

    assertThat(decide("closing").out()).startsWith("ALLOWED");
  }

  @Test
  void inspect_statements_areSaidInWords() {
    approve("boss", "--yes", "--out", "signed");
    attach("approved.token");
    String text = cli.ok("inspect", "approved.token", "--public-key", "root.pub");
    String json = cli.ok("inspect", "approved.token", "--json");
    String html = cli.ok("inspect", "approved.token", "--html", "-");

    assertThat(text)
        .contains("jira.delete on jira:project/ACME/* if approved by " + boss)
        .contains(boss + " approves jira.delete on jira:project/ACME/Q3/12");
    assertThat(json)
        .contains("\"requires\" : [ \"approved by " + boss + "\" ]")
        .contains("\"statement\" : \"approves jira.delete on");
    assertThat(html).contains("approved by " + boss, "approves jira.delete on");
  }

  @Test
  void commands_missingOrSenselessOptions_areUsage() {
    for (String line :
        List.of(
            "escalate request planner.token --request delete.json",
            "escalate request planner.token --reason why",
            "escalate attach planner.token --key planner.key",
            "approve ask.json --key boss.key",
            "approve - --key boss.key --public-key root.pub",
            "approve ask.json --key boss.key --public-key root.pub --reason why",
            "approve ask.json --key boss.key --public-key root.pub --refuse --single-use",
            "approve ask.json --key boss.key --public-key root.pub --for soon",
            "approve ask.json --key boss.key --public-key root.pub --yes --for 1ms",
            "justify planner.token --key planner.key --tool jira.close",
            "justify planner.token --key planner.key --tool * --reason why",
            "justify planner.token --key stranger.key --tool jira.close --reason why")) {
      assertThat(cli.run(line.split(" ", -1)).exit()).as(line).isEqualTo(2);
    }
    cli.file("ask.json", "{}");
    assertThat(approve("boss", "--yes").exit()).isEqualTo(3);
  }
}
