package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation of the registry shows must work when it is pasted. */
class RegistryDocTest {
  @TempDir Path folder;

  @Test
  void commandLines_inTheirOrder_tellTheStory() throws IOException {
    PastedDocument document = new PastedDocument("registry.md", folder);
    Cli cli = new Cli(folder);

    List<String> outputs = document.commands();

    assertThat(outputs.get(outputs.size() - 1))
        .contains("agent:researcher")
        .endsWith("\n2 living delegations.\n");
    assertThat(cli.read("review.html")).startsWith("<!doctype html>");

    document.run("sh-rotate");
    assertThat(cli.ok("registry", "list", "--registry", "sqlite:taper.db"))
        .isEqualTo("0 living delegations.\n");
  }
}
