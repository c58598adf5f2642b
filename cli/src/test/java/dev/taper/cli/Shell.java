package dev.taper.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads command lines the way a shell does. */
final class Shell {
  private static final String SEPARATOR = "\037";

  private Shell() {}

  /** The arguments of every call of {@code taper} in a script, which runs in the given folder. */
  @SuppressWarnings("OrphanedFormatString") // it is the shell's printf that formats
  static List<List<String>> taperCalls(Path folder, List<String> script) {
    StringBuilder text =
        new StringBuilder(
            "set -e; taper() { for a; do echo -n \"$a\"; printf '\\037'; done; echo; }\n");
    script.forEach(line -> text.append(line).append('\n'));
    try {
      Process shell =
          new ProcessBuilder("sh", "-c", text.toString()).directory(folder.toFile()).start();
      String words = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (shell.waitFor() != 0) {
        throw new AssertionError("the shell cannot read it");
      }
      List<List<String>> calls = new ArrayList<>();
      words.lines().forEach(line -> calls.add(List.of(line.split(SEPARATOR))));
      return calls;
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
