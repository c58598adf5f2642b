package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation of delegation shows must work when it is pasted. */
class DelegationDocTest {
  @TempDir Path folder;

  @Test
  void commandLines_afterTheirPreparation_tellTheStory() throws IOException {
    List<String> outputs = new PastedDocument("delegation.md", folder).commands();

    assertThat(outputs).hasSize(5);
    assertThat(outputs.get(4)).startsWith("ALLOWED  svc:jira allows jira.search");
  }

  @Test
  void commandLines_ofARotation_showIt() throws IOException {
    PastedDocument document = new PastedDocument("delegation.md", folder);
    document.commands();

    assertThat(document.run("sh-rotate").get(2)).contains("rotated to a new key by agent:planner");
  }

  @Test
  void javaLines_compiledAndRun_allowTheCall() throws Exception {
    Object allowed = new PastedDocument("delegation.md", folder).java("decision.allowed()");

    assertThat(allowed).isEqualTo(true);
  }
}
