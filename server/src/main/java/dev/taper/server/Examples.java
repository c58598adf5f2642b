package dev.taper.server;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** One example for each command, which stands at the end of its help. */
final class Examples {
  private Examples() {}

  /** Adds the examples of all commands. */
  static void addTo(CommandLine program) {
    program.getSubcommands().forEach((word, line) -> addTo(word, line));
  }

  private static void addTo(String words, CommandLine line) {
    String example = of(words);
    if (example != null) {
      List<String> lines = new ArrayList<>(List.of("", "Example:"));
      for (String one : example.strip().split("\n", -1)) {
        lines.add("  " + one);
      }
      line.getCommandSpec().usageMessage().footer(lines.toArray(new String[0]));
    }
    line.getSubcommands().forEach((word, below) -> addTo(words + " " + word, below));
  }

  /**
   * A command line that works where its files are there, with line breaks as a shell has them; null
   * for a command that there is not.
   */
  static @Nullable String of(String words) {
    return switch (words) {
      case "serve" -> "taper serve --config service.yaml --role decide --listen 127.0.0.1:8080";
      case "console" -> "taper console --config service.yaml";
      case "mcp", "mcp guard" -> "taper mcp guard --config service.yaml -- npx server-files /data";
      case "mcp catalog" ->
          "taper mcp catalog --audience svc:files --out catalog.json -- npx server-files /data";
      case "mcp connect" ->
          """
          taper mcp connect --audience svc:files --key keeper:planner \\
              --token planner.token https://files.example/mcp
          """;
      case "keeper" -> "taper keeper";
      case "keeper run" -> "taper keeper run -- taper keeper new planner";
      case "keeper new" -> "taper keeper new planner";
      case "keeper add" -> "taper keeper add planner.token";
      case "keeper list" -> "taper keeper list";
      case "keeper renew" -> "taper keeper renew planner";
      case "keeper forget" -> "taper keeper forget planner";
      case "keeper unlock" -> "taper keeper unlock --passphrase-file keeper.passphrase";
      case "keeper lock" -> "taper keeper lock";
      default -> null;
    };
  }
}
