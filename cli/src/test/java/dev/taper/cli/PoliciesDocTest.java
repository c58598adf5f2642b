package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.policies.Policies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation of policies shows must work when it is pasted. */
class PoliciesDocTest {
  @TempDir Path folder;
  private PastedDocument document;

  @BeforeEach
  void setUp() {
    document = new PastedDocument("policies.md", folder);
  }

  @Test
  void commands_afterTheirPreparation_succeed() throws IOException {
    Files.createSymbolicLink(folder.resolve("policies"), Path.of("..", "policies").toRealPath());

    assertThat(document.commands()).hasSize(4);
  }

  @Test
  void cases_shown_pass() throws IOException {
    Cli cli = new Cli(folder);
    cli.file("tool-allow-list.datalog", Policies.source("tool-allow-list"));
    cli.file("tool-allow-list.cases.yaml", String.join("\n", document.block("yaml")));

    assertThat(cli.ok("policy", "test", ".")).contains("2 cases of 1 policy, 0 failed");
  }

  @Test
  void library_isListedInFull() throws IOException {
    List<String> rows = document.lines().stream().filter(line -> line.startsWith("| `")).toList();

    assertThat(Policies.names())
        .allSatisfy(name -> assertThat(rows).anyMatch(row -> row.startsWith("| `" + name + "` |")));
  }
}
