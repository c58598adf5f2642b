package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Approval;
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

  private Cli.Result decide(String token, String... more) {
    return decide(token, List.of(), more);
  }

  /** Proves the call with approvals, and decides it. */
  private Cli.Result decide(String token, List<String> approvals, String... more) {
    List<String> given = new ArrayList<>();
    approvals.forEach(file -> given.addAll(List.of("--approval", file)));
    List<String> prove =
        new ArrayList<>(
            List.of(
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
                "call.proof"));
    prove.addAll(given);
    cli.ok(prove.toArray(new String[0]));
    given.addAll(List.of("--free-text", "note", "--proof", "call.proof"));
    given.addAll(List.of(more));
    return agents.decide(token, "delete.json", given.toArray(new String[0]));
  }

  private Cli.Result decideSigned(String... more) {
    return decide("planner", List.of("signed"), more);
  }

  @Test
  void authorize_inactiveGrant_saysWhatWouldActivateIt() {
    Cli.Result result = decide("planner");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .startsWith("DENIED  approval_required  svc:jira refused jira.delete")
        .contains("To activate the grant: have the call approved by " + boss)
        .contains("To ask for an approval: taper escalate\n");
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
        .contains("for         agent:planner alone\n")
        .contains("until       2030-01-01T12:10:00Z\n")
        .contains("Sign? Type yes:")
        .doesNotContain("warning");
    assertThat(decideSigned().out()).startsWith("ALLOWED");
    assertThat(decideSigned("--time", "+10m").out()).contains("proof_expired");
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
        "escalate planner.token --request forged.json --audience svc:jira --free-text note --reason r --out forged.ask"
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
    assertThat(decideSigned().out()).startsWith("DENIED  approval_unknown_key");
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
  void approve_countedForMoreThanADay_warns() {
    assertThat(approve("boss", "--yes", "--uses", "1", "--for", "25h", "--out", "signed").err())
        .contains("approve exactly this call once, at svc:jira")
        .contains("warning", "longer than 24 h");
    assertThat(approve("boss", "--yes", "--uses", "2", "--for", "24h", "--out", "more").err())
        .contains("approve exactly this call 2 times, at svc:jira")
        .doesNotContain("longer than 24 h");
  }

  @Test
  void approve_anotherAudience_warnsAndDoesNotCountHere() {
    Cli.Result elsewhere = approve("boss", "--yes", "--audience", "svc:wiki", "--out", "signed");
    assertThat(elsewhere.err())
        .contains("warning", "svc:jira is asked for")
        .contains("approve exactly this call, at svc:wiki\nfor ");
    assertThat(decideSigned().out())
        .startsWith("DENIED  approval_mismatch")
        .contains("is for another service: svc:wiki");

    approve("boss", "--yes", "--audience", "svc:wiki", "--audience", "svc:jira", "--out", "both");
    assertThat(decide("planner", List.of("both")).out()).startsWith("ALLOWED");
    assertThat(
            approve("boss", "--yes", "--uses", "1", "--audience", "a:b", "--audience", "c:d")
                .exit())
        .isEqualTo(2);
  }

  @Test
  void approve_patterns_showsAndCoversTheirCalls() {
    Cli.Result shown =
        approve(
            "boss",
            "--yes",
            "--calls",
            "jira.* on jira:project/ACME/*",
            "--uses",
            "2",
            "--onward-from",
            "0",
            "--reason",
            "the spring clean",
            "--out",
            "signed");

    assertThat(shown.err())
        .contains("you would   approve all these calls, with any arguments 2 times, at svc:jira\n")
        .contains("for         agent:planner and all to whom it handed the token on, or will")
        .contains("saying      \"the spring clean\"\n")
        .contains("calls       jira.* on jira:project/ACME/*\n")
        .doesNotContain("warning", "digest ");
    assertThat(decideSigned("--replay-memory", "used").out()).startsWith("ALLOWED");
    cli.file("delete.json", DELETE.replace("// bye", "another"));
    assertThat(decideSigned("--replay-memory", "used").out()).startsWith("ALLOWED");
    assertThat(decideSigned("--replay-memory", "used").out()).startsWith("DENIED  approval_used");
    assertThat(
            approve("boss", "--yes", "--calls", "jira.close", "--uses", "1", "--out", "no").err())
        .contains("the call that is asked for is none of these calls");
  }

  @Test
  void authorize_countedWithoutAMemory_saysHowToCount() {
    approve("boss", "--yes", "--uses", "1", "--out", "signed");

    assertThat(decideSigned().out())
        .startsWith("DENIED  approval_not_counted")
        .contains("--approval-uses DB, or --replay-memory FOLDER");
    // What would be is no event, and counts nothing.
    assertThat(decideSigned("--time", "+1s").out()).startsWith("ALLOWED");
  }

  @Test
  void authorize_approvalLeftOutOrAdded_isAnotherRequest() {
    approve("boss", "--yes", "--out", "signed");
    approve("boss", "--yes", "--out", "other");
    decide("planner", List.of("signed"));

    for (List<String> sent :
        List.of(List.<String>of(), List.of("other"), List.of("signed", "other"))) {
      List<String> options = new ArrayList<>();
      sent.forEach(file -> options.addAll(List.of("--approval", file)));
      options.addAll(List.of("--free-text", "note", "--proof", "call.proof"));
      assertThat(agents.decide("planner", "delete.json", options.toArray(new String[0])).out())
          .startsWith("DENIED  request_mismatch");
    }
  }

  @Test
  void authorize_usesThatCannotBeRecorded_areNotSpent() throws IOException {
    approve("boss", "--yes", "--uses", "1", "--out", "signed");
    cli.ok("keygen", "--out", "audit.key");
    Files.createDirectory(folder.resolve("log"));

    Cli.Result unrecorded =
        decideSigned("--replay-memory", "used", "--audit", "log", "--audit-key", "audit.key");

    assertThat(unrecorded.exit()).isEqualTo(5);
    assertThat(unrecorded.out()).isEmpty();
    assertThat(decideSigned("--replay-memory", "used").out()).startsWith("ALLOWED");
  }

  @Test
  void authorize_onceWithAFolder_allowsOnce() {
    approve("boss", "--yes", "--uses", "1", "--out", "signed");

    assertThat(decideSigned("--replay-memory", "used").out()).startsWith("ALLOWED");
    Cli.Result again = decideSigned("--replay-memory", "used");
    assertThat(again.out()).startsWith("DENIED  approval_used");
    assertThat(again.exit()).isEqualTo(1);
  }

  @Test
  void authorize_otherArguments_isAMismatch() {
    approve("boss", "--yes", "--out", "signed");
    cli.file("delete.json", DELETE.replace("// bye", "another"));

    assertThat(decideSigned().out()).startsWith("DENIED  approval_mismatch");
  }

  @Test
  void escalate_decision_asksForWhatTheServiceUnderstood() {
    cli.file("denied.json", decide("planner", "--json").out());
    cli.ok(
        "escalate",
        "planner.token",
        "--decision",
        "denied.json",
        "--reason",
        "a duplicate",
        "--out",
        "ask.json");

    assertThat(cli.read("ask.json")).contains("\"note\":\"// bye\"", "\"svc:jira\"");
    assertThat(approve("boss", "--yes", "--out", "signed").exit()).isZero();
    assertThat(decideSigned().out()).startsWith("ALLOWED");

    String[] again = {
      "escalate", "planner.token", "--decision", "denied.json", "--reason", "why", "--out", "no"
    };
    cli.file("denied.json", decide("planner", "--json", "--as-caller").out());
    assertThat(cli.run(again).err()).contains("leave out --as-caller");
    cli.file("denied.json", decideSigned("--json").out());
    assertThat(cli.run(again).err()).contains("an approval is not what the call lacks");
    cli.file("denied.json", "{}");
    assertThat(cli.run(again).exit()).isEqualTo(3);
  }

  @Test
  void revokeApproval_byFileOrName_countsForNothing() {
    approve("boss", "--yes", "--out", "signed");
    approve("boss", "--yes", "--out", "other");
    cli.ok("keygen", "--out", "revoker.key");
    String[] list = {"--revocations", "list", "--key", "revoker.key"};

    String byFile = cli.ok(with(list, "revoke", "approval", "signed"));
    assertThat(byFile)
        .startsWith("revoked approval " + boss + " ")
        .contains("which ends at 2030-01-01T12:15:00Z; ")
        .doesNotContain("ends nothing");
    assertThat(revokedHere("signed")).startsWith("DENIED  approval_withdrawn");
    assertThat(revokedHere("other")).startsWith("ALLOWED");
    String id = Approval.decode(cli.read("other").strip()).statement().id();
    cli.ok(with(list, "revoke", "approval", boss + " " + id));
    assertThat(revokedHere("other")).startsWith("DENIED  approval_withdrawn");
    cli.ok(with(list, "revoke", "approval", boss + " " + id, "--lift", "--reason", "after all"));
    assertThat(revokedHere("other")).startsWith("ALLOWED");
    assertThat(cli.run(with(list, "revoke", "approval", boss + " 00")).exit()).isEqualTo(2);
    assertThat(cli.run(with(list, "revoke", "approval", "planner.token")).exit()).isEqualTo(3);
    assertThat(cli.run(with(list, "revoke", "approval", "signed", "--until", "1m")).exit())
        .isEqualTo(2);
  }

  private static String[] with(String[] more, String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of(more));
    return all.toArray(new String[0]);
  }

  private String revokedHere(String approval) {
    String unused = decide("planner", List.of(approval)).out(); // leaves a proof
    return cli.run(
            "authorize",
            "planner.token",
            "--public-key",
            "root.pub",
            "--request",
            "delete.json",
            "--free-text",
            "note",
            "--audience",
            "svc:jira",
            "--proof",
            "call.proof",
            "--approval",
            approval,
            "--revocations",
            "list",
            "--revocation-key",
            "revoker.pub")
        .out();
  }

  @Test
  void justify_reason_activatesTheGrant() {
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
  void inspect_justification_isSaidInWords() {
    cli.ok(
        "justify planner.token --key planner.key --tool jira.close --reason done --out closing.token"
            .split(" "));
    String text = cli.ok("inspect", "closing.token", "--public-key", "root.pub");
    String json = cli.ok("inspect", "closing.token", "--json");
    String html = cli.ok("inspect", "closing.token", "--html", "-");

    assertThat(text)
        .contains("jira.delete on jira:project/ACME/* if approved by " + boss)
        .contains("agent:planner justifies jira.close, from ");
    assertThat(json)
        .contains("\"requires\" : [ \"approved by " + boss + "\" ]")
        .contains("\"justification\" : \"justifies jira.close, from ");
    assertThat(html).contains("approved by " + boss, "justifies jira.close");
  }

  /** Two keys of one person are one person. */
  @Test
  void authorize_twoOfAGroup_countsPersonsOfASignedFileOfNames() {
    cli.ok("keygen", "--out", "home.key");
    cli.ok("keygen", "--out", "erin.key");
    cli.ok("keygen", "--out", "registrar.key");
    cli.file(
        "names.json",
        """
        {"format": "taper/1 names",
         "approvers": {"user:boss": ["%s", "%s"], "user:erin": ["%s"]},
         "groups": {"finance": ["user:boss", "user:erin"]}}"""
            .formatted(boss, cli.read("home.pub").strip(), cli.read("erin.pub").strip()));
    cli.ok("names", "sign", "names.json", "--key", "registrar.key", "--out", "signed.json");
    agents.mint(
        "group.token",
        "--grant",
        "jira.delete on jira:project/ACME/* if approved by 2 of group \"finance\"");
    cli.ok(ask("group"));
    for (String key : List.of("boss", "home", "erin")) {
      assertThat(approve(key, "--yes", "--out", key + ".approval").exit()).isZero();
    }
    String[] known = {"--names", "signed.json", "--names-key", "registrar.pub"};

    assertThat(decide("group", List.of("boss.approval", "home.approval"), known).out())
        .startsWith("DENIED  approval_required");
    assertThat(decide("group", List.of("boss.approval", "erin.approval"), known).out())
        .startsWith("ALLOWED");
    assertThat(
            decide("group", List.of("boss.approval", "erin.approval"), "--names", "signed.json")
                .out())
        .startsWith("DENIED  approval_required");
  }

  @Test
  void mint_groupOfApprovers_isShownAndAskedFor() {
    agents.mint(
        "planner.token",
        "--grant",
        "jira.delete on jira:project/ACME/* if approved by 2 of group \"finance\"");
    String[] ask = ask("planner");
    ask[ask.length - 1] = "group.json";
    cli.ok(ask);

    assertThat(cli.ok("inspect", "planner.token", "--public-key", "root.pub"))
        .contains("if approved by 2 of group \"finance\"");
    assertThat(decide("planner").out())
        .startsWith("DENIED  approval_required")
        .contains("have the call approved by 2 of group \"finance\"");
    Cli.Result approved =
        cli.run("approve", "group.json", "--public-key", "root.pub", "--key", "boss.key", "--yes");
    assertThat(approved.err()).doesNotContain("names your key");
  }

  @Test
  void commands_missingOrSenselessOptions_areUsage() {
    for (String line :
        List.of(
            "escalate planner.token --request delete.json",
            "escalate planner.token --request delete.json --audience svc:jira",
            "escalate planner.token --reason why",
            "escalate planner.token --decision x --request delete.json --reason why",
            "escalate planner.token --decision x --audience svc:jira --reason why",
            "approve ask.json --key boss.key",
            "approve - --key boss.key --public-key root.pub",
            "approve ask.json --key boss.key --public-key root.pub --yes --calls jira.close",
            "approve ask.json --key boss.key --public-key root.pub --yes --onward-from 0",
            "approve ask.json --key boss.key --public-key root.pub --yes --uses 0",
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
