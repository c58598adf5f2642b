package dev.taper.cli.policy;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.output.JsonOption;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code taper policy check}. */
@Command(
    name = "check",
    description = {
      "Look for mistakes in policies without running them.",
      "Finds text that does not parse, unsafe variables, unreachable policies and alternatives,"
          + " predicates that nobody states, wrong numbers and types of terms, and invalid regular"
          + " expressions. Exit 0 if nothing is found, else 1."
    })
final class PolicyCheckCommand extends ConsoleCommand {
  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Policies, or folders of them.")
  private List<String> places = new ArrayList<>();

  @Mixin private final JsonOption json = new JsonOption();

  PolicyCheckCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    return new PolicyCheckService(console).run(places, json.json());
  }
}
