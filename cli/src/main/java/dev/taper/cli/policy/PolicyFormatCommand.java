package dev.taper.cli.policy;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
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
    return new PolicyFormatService(console).run(places, check);
  }
}
