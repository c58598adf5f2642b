package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation of the registry shows must work when it is pasted. */
class RegistryDocTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "registry.md");

  @TempDir Path folder;

  private static List<String> block(String language) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(DOCUMENT)) {
      if (line.startsWith("```")) {
        inside = line.equals("```" + language);
      } else if (inside) {
        lines.add(line.replaceFirst("^\\./taper ", "taper "));
      }
    }
    assertThat(lines).isNotEmpty();
    return lines;
  }

  @Test
  void commandLines_inTheirOrder_tellTheStory() throws IOException {
    List<String> script = new ArrayList<>(block("sh-before"));
    script.addAll(block("sh"));
    Cli cli = new Cli(folder);

    String last = "";
    for (List<String> call : Shell.taperCalls(folder, script)) {
      last = cli.ok(call.toArray(new String[0]));
    }

    assertThat(last).contains("agent:researcher").endsWith("\n2 living delegations.\n");
    assertThat(cli.read("review.html")).startsWith("<!doctype html>");

    cli.file("keys.json", "[]");
    cli.ok("rotate", "start", "--keys", "keys.json", "--new-key", "root.pub");
    for (List<String> call : Shell.taperCalls(folder, block("sh-rotate"))) {
      cli.ok(call.toArray(new String[0]));
    }
    assertThat(cli.ok("registry", "list", "--registry", "sqlite:taper.db"))
        .isEqualTo("0 living delegations.\n");
  }
}
