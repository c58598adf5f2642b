package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation of escalation shows must work when it is pasted. */
class EscalationDocTest {
  @TempDir Path folder;

  @Test
  void commandLines_afterTheirPreparation_tellTheStory() throws IOException {
    List<String> outputs = new PastedDocument("escalation.md", folder).commands();

    assertThat(outputs).hasSize(13);
    assertThat(outputs.get(4)).startsWith("ALLOWED  svc:jira allows jira.delete");
    assertThat(outputs.get(5)).startsWith("revoked approval secp256r1/");
    assertThat(outputs.get(8)).startsWith("ALLOWED  svc:jira allows jira.close");
    assertThat(folder.resolve("long.approval")).exists();
  }

  @Test
  void javaLines_compiledAndRun_allowTheCall() throws Exception {
    Object result =
        new PastedDocument("escalation.md", folder).java("chain + \" \" + decision.allowed()");

    assertThat(result).isEqualTo("user:alice@acme.com \u2192 agent:planner true");
  }
}
