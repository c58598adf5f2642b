package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code taper justify}, and how justifications are shown. */
class JustifyCommandTest {
  @TempDir Path folder;
  private Escalations story;
  private Cli cli;

  @BeforeEach
  void setUp() {
    story = new Escalations(folder);
    cli = story.cli;
  }

  @Test
  void justify_reason_activatesTheGrant() {
    cli.file("delete.json", "{\"tool\": \"jira.close\"}");
    assertThat(story.decide("planner").out())
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

    assertThat(story.decide("closing").out()).startsWith("ALLOWED");
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
        .contains("jira.delete on jira:project/ACME/* if approved by " + story.boss)
        .contains("agent:planner justifies jira.close, from ");
    assertThat(json)
        .contains("\"requires\" : [ \"approved by " + story.boss + "\" ]")
        .contains("\"justification\" : \"justifies jira.close, from ");
    assertThat(html)
        .contains("approved by <code title=\"" + story.boss + "\">", "justifies jira.close");
  }
}
