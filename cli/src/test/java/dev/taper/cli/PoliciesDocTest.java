package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.policies.Policies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation of policies shows must work when it is pasted. */
class PoliciesDocTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "policies.md");

  @TempDir Path folder;

  private static List<String> block(String language) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(DOCUMENT)) {
      if (line.startsWith("```")) {
        inside = line.equals("```" + language);
      } else if (inside) {
        lines.add(line);
      }
    }
    assertThat(lines).isNotEmpty();
    return lines;
  }

  @Test
  void commands_afterTheirPreparation_succeed() throws IOException {
    Files.createSymbolicLink(folder.resolve("policies"), Path.of("..", "policies").toRealPath());
    List<String> script = new ArrayList<>(block("sh-before"));
    script.addAll(block("sh"));
    script.replaceAll(line -> line.replaceFirst("^\\./taper ", "taper "));
    Cli cli = new Cli(folder);

    List<List<String>> calls = Shell.taperCalls(folder, script);
    for (List<String> call : calls) {
      cli.ok(call.toArray(new String[0]));
    }

    assertThat(calls).hasSize(4);
  }

  @Test
  void cases_shown_pass() throws IOException {
    Cli cli = new Cli(folder);
    cli.file("tool-allow-list.datalog", Policies.source("tool-allow-list"));
    cli.file("tool-allow-list.cases.yaml", String.join("\n", block("yaml")));

    assertThat(cli.ok("policy", "test", ".")).contains("2 cases of 1 policies, 0 failed");
  }

  @Test
  void library_isListedInFull() throws IOException {
    List<String> rows =
        Files.readAllLines(DOCUMENT).stream().filter(line -> line.startsWith("| `")).toList();

    assertThat(Policies.names())
        .allSatisfy(name -> assertThat(rows).anyMatch(row -> row.startsWith("| `" + name + "` |")));
  }
}
