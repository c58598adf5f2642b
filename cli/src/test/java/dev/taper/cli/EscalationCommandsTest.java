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

/** Calls that wait for an approval: asking for it, and what it is worth. */
class EscalationCommandsTest {
  @TempDir Path folder;
  private Escalations story;
  private Cli cli;

  @BeforeEach
  void setUp() {
    story = new Escalations(folder);
    cli = story.cli;
  }

  @Test
  void authorize_inactiveGrant_saysWhatWouldActivateIt() {
    Cli.Result result = story.decide("planner");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .startsWith("DENIED  approval_required  svc:jira refused jira.delete")
        .contains("To activate the grant: have the call approved by " + story.boss)
        .contains("To ask for an approval: taper escalate\n");
    assertThat(story.decide("planner", "--json").out())
        .contains("\"approvers\" : [ \"" + story.boss + "\" ]", "\"code\" : \"approval_required\"");
  }

  @Test
  void authorize_countedWithoutAMemory_saysHowToCount() {
    story.approve("boss", "--yes", "--uses", "1", "--out", "signed");

    assertThat(story.decideSigned().out())
        .startsWith("DENIED  approval_not_counted")
        .contains("--approval-uses DB, or --replay-memory FOLDER");
    // What would be is no event, and counts nothing.
    assertThat(story.decideSigned("--time", "+1s").out()).startsWith("ALLOWED");
  }

  @Test
  void authorize_approvalLeftOutOrAdded_isAnotherRequest() {
    story.approve("boss", "--yes", "--out", "signed");
    story.approve("boss", "--yes", "--out", "other");
    story.decide("planner", List.of("signed"));

    for (List<String> sent :
        List.of(List.<String>of(), List.of("other"), List.of("signed", "other"))) {
      List<String> options = new ArrayList<>();
      sent.forEach(file -> options.addAll(List.of("--approval", file)));
      options.addAll(List.of("--free-text", "note", "--proof", "call.proof"));
      assertThat(
              story.agents.decide("planner", "delete.json", options.toArray(new String[0])).out())
          .startsWith("DENIED  request_mismatch");
    }
  }

  @Test
  void authorize_usesThatCannotBeRecorded_areNotSpent() throws IOException {
    story.approve("boss", "--yes", "--uses", "1", "--out", "signed");
    cli.ok("keygen", "--out", "audit.key");
    Files.createDirectory(folder.resolve("log"));

    Cli.Result unrecorded =
        story.decideSigned("--replay-memory", "used", "--audit", "log", "--audit-key", "audit.key");

    assertThat(unrecorded.exit()).isEqualTo(5);
    assertThat(unrecorded.out()).isEmpty();
    assertThat(story.decideSigned("--replay-memory", "used").out()).startsWith("ALLOWED");
  }

  @Test
  void authorize_onceWithAFolder_allowsOnce() {
    story.approve("boss", "--yes", "--uses", "1", "--out", "signed");

    assertThat(story.decideSigned("--replay-memory", "used").out()).startsWith("ALLOWED");
    Cli.Result again = story.decideSigned("--replay-memory", "used");
    assertThat(again.out()).startsWith("DENIED  approval_used");
    assertThat(again.exit()).isEqualTo(1);
  }

  @Test
  void authorize_otherArguments_isAMismatch() {
    story.approve("boss", "--yes", "--out", "signed");
    cli.file("delete.json", Escalations.DELETE.replace("// bye", "another"));

    assertThat(story.decideSigned().out()).startsWith("DENIED  approval_mismatch");
  }

  @Test
  void escalate_decision_asksForWhatTheServiceUnderstood() {
    cli.file("denied.json", story.decide("planner", "--json").out());
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
    assertThat(story.approve("boss", "--yes", "--out", "signed").exit()).isZero();
    assertThat(story.decideSigned().out()).startsWith("ALLOWED");

    String[] again = {
      "escalate", "planner.token", "--decision", "denied.json", "--reason", "why", "--out", "no"
    };
    cli.file("denied.json", story.decide("planner", "--json", "--as-caller").out());
    assertThat(cli.run(again).err()).contains("leave out --as-caller");
    cli.file("denied.json", story.decideSigned("--json").out());
    assertThat(cli.run(again).err()).contains("an approval is not what the call lacks");
    cli.file("denied.json", "{}");
    assertThat(cli.run(again).exit()).isEqualTo(3);
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
            "approve ask.json --key boss.key --public-key root.pub --yes --print-call -",
            "approve ask.json --print-call - --out x",
            "approve ask.json --print-call - --accept-digest 00",
            "approve ask.json --key boss.key --public-key root.pub --yes --calls jira.delete --uses 1"
                + " --accept-digest 00",
            "justify planner.token --key planner.key --tool jira.close",
            "justify planner.token --key planner.key --tool * --reason why",
            "justify planner.token --key stranger.key --tool jira.close --reason why")) {
      assertThat(cli.run(line.split(" ", -1)).exit()).as(line).isEqualTo(2);
    }
    cli.file("ask.json", "{}");
    assertThat(story.approve("boss", "--yes").exit()).isEqualTo(3);
  }
}
