package dev.taper.cli.policy;

import dev.taper.JsonFields;
import dev.taper.WholeFile;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.SafeText;
import dev.taper.policies.format.PolicyFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code taper policy fmt}. */
final class PolicyFormatCommand extends JsonCommand {
  private final Value<List<String>> places =
      parameter("0..*", "1..*", "FILE", "Policies, or folders of them.").texts();

  private final Flag check = flag("--check", "Change nothing; exit 1 if something would change.");

  PolicyFormatCommand(Console console) {
    super(
        console,
        "fmt",
        "Format policies in place, and print the names of those that changed.",
        "Comments stay where they are; the meaning stays what it is.");
  }

  @Override
  protected ExitCode run() {
    PolicyTexts texts = new PolicyTexts(console);
    List<String> changed = new ArrayList<>();
    for (Path file : texts.files(places.get())) {
      String text = texts.text(file);
      String formatted = PolicyFormat.format(text);
      if (!formatted.equals(text)) {
        changed.add(file.toString());
        if (!check.given()) {
          write(file, formatted);
        }
      }
    }
    return answer(
        changed.isEmpty() || !check.given(),
        () -> new JsonFields().put("changed", changed),
        () -> changed.forEach(file -> print(SafeText.line(file))));
  }

  private static void write(Path file, String text) {
    try {
      WholeFile.replace(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw CliException.io("cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
