package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Approval;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Approvals that are taken back. */
class RevokedApprovalTest {
  @TempDir Path folder;
  private Escalations story;
  private Cli cli;

  @BeforeEach
  void setUp() {
    story = new Escalations(folder);
    cli = story.cli;
  }

  @Test
  void revokeApproval_byFileOrName_countsForNothing() {
    story.approve("boss", "--yes", "--out", "signed");
    story.approve("boss", "--yes", "--out", "other");
    cli.ok("keygen", "--out", "revoker.key");
    String[] list = {"--revocations", "list", "--key", "revoker.key"};

    String byFile = cli.ok(with(list, "revoke", "approval", "signed"));
    assertThat(byFile)
        .startsWith("revoked approval " + story.boss + " ")
        .contains("which ends at 2030-01-01T12:15:00Z; ")
        .doesNotContain("ends nothing");
    assertThat(revokedHere("signed")).startsWith("DENIED  approval_withdrawn");
    assertThat(revokedHere("other")).startsWith("ALLOWED");
    String id = Approval.decode(cli.read("other").strip()).statement().id();
    cli.ok(with(list, "revoke", "approval", story.boss + " " + id));
    assertThat(revokedHere("other")).startsWith("DENIED  approval_withdrawn");
    cli.ok(
        with(
            list,
            "revocations",
            "lift",
            "approval",
            story.boss + " " + id,
            "--reason",
            "after all"));
    assertThat(revokedHere("other")).startsWith("ALLOWED");
    assertThat(cli.run(with(list, "revoke", "approval", story.boss + " 00")).exit()).isEqualTo(2);
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
    String unused = story.decide("planner", List.of(approval)).out(); // leaves a proof
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
}
