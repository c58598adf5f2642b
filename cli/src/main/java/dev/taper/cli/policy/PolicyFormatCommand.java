package dev.taper.cli.policy;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.output.SafeText;
import dev.taper.policies.format.PolicyFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code taper policy fmt}. */
@Command(
    name = "fmt",
    description = {
      "Format policies in place, and print the names of those that changed.",
      "Comments stay where they are; the meaning stays what it is."
    })
final class PolicyFormatCommand extends ConsoleCommand {
  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Policies, or folders of them.")
  private List<String> places = new ArrayList<>();

  @Option(names = "--check", description = "Change nothing; exit 1 if something would change.")
  private boolean check;

  PolicyFormatCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    PolicyTexts texts = new PolicyTexts(console);
    boolean changed = false;
    for (Path file : texts.files(places)) {
      String text = texts.text(file);
      String formatted = PolicyFormat.format(text);
      if (!formatted.equals(text)) {
        changed = true;
        console.out().println(SafeText.line(file.toString()));
        if (!check) {
          write(file, formatted);
        }
      }
    }
    return changed && check ? ExitCode.DENIED : ExitCode.OK;
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw CliException.io("cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
