package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Grants that wait for persons of a group. */
class GroupApprovalTest {
  @TempDir Path folder;
  private Escalations story;
  private Cli cli;

  @BeforeEach
  void setUp() {
    story = new Escalations(folder);
    cli = story.cli;
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
            .formatted(story.boss, cli.read("home.pub").strip(), cli.read("erin.pub").strip()));
    cli.ok("names", "sign", "names.json", "--key", "registrar.key", "--out", "signed.json");
    story.agents.mint(
        "group.token",
        "--grant",
        "jira.delete on jira:project/ACME/* if approved by 2 of group \"finance\"");
    cli.ok(Escalations.ask("group"));
    for (String key : List.of("boss", "home", "erin")) {
      assertThat(story.approve(key, "--yes", "--out", key + ".approval").exit()).isZero();
    }
    String[] known = {"--names", "signed.json", "--names-key", "registrar.pub"};

    assertThat(story.decide("group", List.of("boss.approval", "home.approval"), known).out())
        .startsWith("DENIED  approval_required");
    assertThat(story.decide("group", List.of("boss.approval", "erin.approval"), known).out())
        .startsWith("ALLOWED");
    assertThat(
            story
                .decide(
                    "group", List.of("boss.approval", "erin.approval"), "--names", "signed.json")
                .out())
        .startsWith("DENIED  approval_required");
  }

  @Test
  void mint_groupOfApprovers_isShownAndAskedFor() {
    story.agents.mint(
        "planner.token",
        "--grant",
        "jira.delete on jira:project/ACME/* if approved by 2 of group \"finance\"");
    String[] ask = Escalations.ask("planner");
    ask[ask.length - 1] = "group.json";
    cli.ok(ask);

    assertThat(cli.ok("inspect", "planner.token", "--public-key", "root.pub"))
        .contains("if approved by 2 of group \"finance\"");
    assertThat(story.decide("planner").out())
        .startsWith("DENIED  approval_required")
        .contains("have the call approved by 2 of group \"finance\"");
    Cli.Result approved =
        cli.run("approve", "group.json", "--public-key", "root.pub", "--key", "boss.key", "--yes");
    assertThat(approved.err()).doesNotContain("names your key");
  }
}
