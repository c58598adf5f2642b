package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Approval;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code taper approve}: what an approver sees, and what is signed. */
class ApproveCommandTest {
  @TempDir Path folder;
  private Escalations story;
  private Cli cli;

  @BeforeEach
  void setUp() {
    story = new Escalations(folder);
    cli = story.cli;
  }

  @Test
  void approve_answeredYes_showsTheAskAndSigns() {
    cli.stdin("yes\n");
    Cli.Result shown = story.approve("boss", "--out", "signed", "--for", "10m");

    assertThat(shown.exit()).as(shown.err()).isZero();
    assertThat(shown.err())
        .contains("asks        agent:planner\n  key       " + cli.read("planner.pub").strip())
        .contains("for         jira.delete on jira:project/ACME/Q3/12")
        .contains("at          svc:jira")
        .contains("  argument  \"note\": \"// bye\"\n")
        .contains("claims      \"a \"duplicate\"\"")
        .contains("chain       user:alice@acme.com → agent:planner")
        .contains("task        T-4711")
        .contains("you would   approve exactly this call as often as it is made, at svc:jira\n")
        .contains("for         agent:planner alone\n")
        .contains("until       2030-01-01T12:10:00Z\n")
        .contains("Sign? Type yes:")
        .doesNotContain("warning");
    assertThat(story.decideSigned().out()).startsWith("ALLOWED");
    assertThat(story.decideSigned("--time", "+10m").out()).contains("proof_expired");
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

    assertThat(unwrapped(shown.err()))
        .contains("  argument  \"a\" (5888 columns): \" \\u{20}\\u{20}");
    assertThat(shown.err())
        .contains("digest      ")
        .doesNotContain("\u202e")
        .doesNotContain("\u2028");
    List<String> lines = shown.err().lines().toList();
    assertThat(lines).filteredOn(line -> line.startsWith("Sign?")).hasSize(1);
    assertThat(lines).filteredOn(line -> line.startsWith("tool  ")).hasSize(1);
    assertThat(lines)
        .filteredOn(line -> !line.startsWith("  key"))
        .allSatisfy(line -> assertThat(line.length()).isLessThan(80));
    assertThat(unwrapped(shown.err())).contains("x".repeat(4_000));
  }

  /** What is shown, without the marks of lines that go on. */
  private static String unwrapped(String shown) {
    return shown.replace("\n            | ", "");
  }

  /** Makes an ask for a call with a note. */
  private void askAbout(String note) {
    cli.file("delete.json", Escalations.DELETE.replace("// bye", note));
    cli.ok(Escalations.ask("planner"));
  }

  @Test
  void approve_longArgument_isShownToItsEnd() {
    askAbout("a".repeat(2_500) + "\\u202e" + "b".repeat(2_500) + "the end");

    Cli.Result shown = story.approve("boss", "--yes", "--out", "signed");

    assertThat(shown.exit()).as(shown.err()).isZero();
    assertThat(unwrapped(shown.err()))
        .contains("  argument  \"note\" (5023 columns): \"aaa")
        .contains("a".repeat(2_500) + "\\u{202e}" + "b".repeat(2_500) + "the end\"\n")
        .doesNotContain("SHA-256");
  }

  @Test
  void approve_longNameOfAnArgument_isShownToItsEnd() {
    cli.file(
        "delete.json",
        Escalations.DELETE.replace("\"note\"", "\"" + "n".repeat(100) + "\": 1, \"note\""));
    cli.ok(Escalations.ask("planner"));

    assertThat(unwrapped(story.approve("boss", "--yes").err()))
        .contains("\"" + "n".repeat(100) + "\" (103 columns): 1\n");
  }

  @Test
  void approve_whatIsSigned_isShownToItsEnd() {
    List<String> more = new ArrayList<>(List.of("--yes", "--reason", "é".repeat(200)));
    for (int i = 0; i < 40; i++) {
      more.addAll(List.of("--audience", "svc:" + "a".repeat(60) + (10 + i)));
    }

    Cli.Result shown = story.approve("boss", more.toArray(new String[0]));

    Approval signed = Approval.decode(shown.out().strip());
    assertThat(unwrapped(shown.err()))
        .contains("saying      \"" + "é".repeat(200) + "\"\n")
        .contains(String.join(", ", signed.statement().audiences()) + "\n")
        .contains("begins      2030-01-01T12:00:00Z\nuntil       2030-01-01T12:15:00Z\n")
        .contains("state       " + signed.statement().state() + "\n")
        .contains("digest      " + signed.statement().meaning() + "\n")
        .contains("approval    " + signed.statement().id() + "\n")
        .doesNotContain("SHA-256");
  }

  @Test
  void approve_callTooLongToBeShown_signsNothingUnlessItWasSeen() {
    askAbout("c".repeat(9_000) + "the end");
    cli.stdin("yes\n");

    Cli.Result asking = story.approve("boss", "--out", "signed");
    Cli.Result given = story.approve("boss", "--out", "signed", "--yes");

    for (Cli.Result refused : List.of(asking, given)) {
      assertThat(refused.exit()).isEqualTo(1);
      assertThat(refused.err())
          .contains("(9009 characters, SHA-256 ")
          .contains("taper: nothing was signed: the call has 9")
          .contains("(call_unseen)")
          .doesNotContain("Sign? Type yes:");
    }
    assertThat(folder.resolve("signed")).doesNotExist();

    String printed = cli.ok("approve", "ask.json", "--print-call", "-");
    assertThat(unwrapped(printed)).contains("c".repeat(9_000) + "the end\"\n");
    assertThat(printed.lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(80));
    cli.ok("approve", "ask.json", "--print-call", "call.txt");
    assertThat(cli.read("call.txt")).isEqualTo(printed);
    String digest = printed.strip().substring(printed.strip().length() - 64);

    Cli.Result other =
        story.approve("boss", "--yes", "--out", "signed", "--accept-digest", "0".repeat(64));
    assertThat(other.exit()).isEqualTo(1);
    assertThat(other.err()).contains("(digest_mismatch)", digest);
    assertThat(folder.resolve("signed")).doesNotExist();
    cli.stdin("no\n");
    story.approve("boss", "--out", "signed", "--accept-digest", digest);
    assertThat(folder.resolve("signed")).doesNotExist();
    assertThat(story.approve("boss", "--yes", "--out", "signed", "--accept-digest", digest).exit())
        .isZero();
    assertThat(story.decideSigned().out()).startsWith("ALLOWED");
  }

  @Test
  void approve_patternsForALongCall_doNotNeedItSeen() {
    askAbout("c".repeat(9_000));

    assertThat(story.approve("boss", "--yes", "--calls", "jira.delete", "--uses", "1").exit())
        .isZero();
  }

  @Test
  void approve_windowBeyondTheYear9999_isRefusedAndSignsNothing() {
    Cli.Result result = story.approve("boss", "--yes", "--out", "signed", "--for", "3500000d");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("a date is in the years 1970 to 9999: 3500000d", "(usage)");
    assertThat(folder.resolve("signed")).doesNotExist();
  }

  @Test
  void approve_anythingButYes_signsNothing() {
    for (String answer : List.of("", "\n", "y\n", "YES\n", "yes please, whatever it is\n")) {
      cli.stdin(answer);
      Cli.Result result = story.approve("boss", "--out", "signed");
      assertThat(result.exit()).isEqualTo(1);
      assertThat(result.err()).contains("nothing was signed");
      assertThat(folder.resolve("signed")).doesNotExist();
    }
  }

  @Test
  void approve_keyThatIsNotNamed_warns() {
    Cli.Result result = story.approve("stranger", "--yes", "--out", "signed");

    assertThat(result.exit()).isZero();
    assertThat(result.err()).contains("no grant that covers the call names your key");
    assertThat(story.decideSigned().out()).startsWith("DENIED  approval_unknown_key");
  }

  @Test
  void approve_callThatIsNotGranted_warns() {
    cli.file("delete.json", Escalations.DELETE.replace("jira.delete", "crm.delete"));
    cli.ok(Escalations.ask("planner"));

    assertThat(story.approve("boss", "--yes").err())
        .contains("no grant of this token covers the call");
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
    assertThat(
            story.approve("boss", "--yes", "--uses", "1", "--for", "25h", "--out", "signed").err())
        .contains("approve exactly this call once, at svc:jira")
        .contains("warning", "longer than 24 h");
    assertThat(story.approve("boss", "--yes", "--uses", "2", "--for", "24h", "--out", "more").err())
        .contains("approve exactly this call 2 times, at svc:jira")
        .doesNotContain("longer than 24 h");
  }

  @Test
  void approve_anotherAudience_warnsAndDoesNotCountHere() {
    Cli.Result elsewhere =
        story.approve("boss", "--yes", "--audience", "svc:wiki", "--out", "signed");
    assertThat(elsewhere.err())
        .contains("warning", "svc:jira is asked for")
        .contains("approve exactly this call as often as it is made, at svc:wiki\nfor ");
    assertThat(story.decideSigned().out())
        .startsWith("DENIED  approval_mismatch")
        .contains("is for another service: svc:wiki");

    story.approve(
        "boss", "--yes", "--audience", "svc:wiki", "--audience", "svc:jira", "--out", "both");
    assertThat(story.decide("planner", List.of("both")).out()).startsWith("ALLOWED");
    assertThat(
            story
                .approve("boss", "--yes", "--uses", "1", "--audience", "a:b", "--audience", "c:d")
                .exit())
        .isEqualTo(2);
  }

  @Test
  void approve_patterns_showsAndCoversTheirCalls() {
    Cli.Result shown =
        story.approve(
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
    assertThat(story.decideSigned("--replay-memory", "used").out()).startsWith("ALLOWED");
    cli.file("delete.json", Escalations.DELETE.replace("// bye", "another"));
    assertThat(story.decideSigned("--replay-memory", "used").out()).startsWith("ALLOWED");
    assertThat(story.decideSigned("--replay-memory", "used").out())
        .startsWith("DENIED  approval_used");
    assertThat(
            story
                .approve("boss", "--yes", "--calls", "jira.close", "--uses", "1", "--out", "no")
                .err())
        .contains("the call that is asked for is none of these calls");
  }
}
