package dev.taper.cli.policy;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.output.SafeText;
import dev.taper.policies.format.PolicyFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Formats policies. */
final class PolicyFormatService {
  private final Console console;
  private final PolicyTexts texts;

  PolicyFormatService(Console console) {
    this.console = console;
    this.texts = new PolicyTexts(console);
  }

  /**
   * Formats files in place, and names those that changed.
   *
   * @param places files, or folders
   * @param checkOnly whether to change nothing
   * @return {@link ExitCode#DENIED} if only checked, and a file is not as it should be
   */
  ExitCode run(List<String> places, boolean checkOnly) {
    boolean changed = false;
    for (Path file : texts.files(places)) {
      String text = texts.text(file);
      String formatted = PolicyFormat.format(text);
      if (!formatted.equals(text)) {
        changed = true;
        console.out().println(SafeText.line(file.toString()));
        if (!checkOnly) {
          write(file, formatted);
        }
      }
    }
    return changed && checkOnly ? ExitCode.DENIED : ExitCode.OK;
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw CliException.io("cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
