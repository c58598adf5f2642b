package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation of audit shows must work when it is pasted. */
class AuditDocTest {
  @TempDir Path folder;

  @Test
  void commandLines_afterTheirPreparation_tellTheStory() throws IOException {
    List<String> outputs = new PastedDocument("audit.md", folder).commands();

    assertThat(outputs).hasSize(13);
    assertThat(outputs.get(2)).startsWith("ALLOWED  svc:jira allows jira.search");
    assertThat(outputs.get(3)).startsWith("INTACT  6 records, 3 checkpoints");
    assertThat(outputs.get(4)).contains("Task T-4711  triage Q3 tickets", "✓ jira.search read");
    assertThat(outputs.get(5)).startsWith("Record 2 of audit.jsonl  mint").contains("SIGNED");
    assertThat(Files.readString(folder.resolve("report.html"))).contains("agent:planner");
    assertThat(outputs.get(7)).contains("\"class_uid\":6003");
    assertThat(outputs.get(8)).contains("\"format\":\"taper/1 audit export\"");
    assertThat(outputs.get(10)).contains("of sqlite:taper.db  mint", "Task T-4711", "Task T-4712");
    assertThat(outputs.get(12)).startsWith("INTACT  9 records, 5 checkpoints");
  }

  @Test
  void javaLines_compiledAndRun_recordTheCall() throws Exception {
    Object result =
        new PastedDocument("audit.md", folder)
            .java(
                "decision.allowed() + \" \" + verification.intact() + \" \" + verification.records()");

    assertThat(result).isEqualTo("true true 4");
  }
}
