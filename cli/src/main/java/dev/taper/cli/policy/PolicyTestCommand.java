package dev.taper.cli.policy;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.output.JsonOption;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code taper policy test}. */
@Command(
    name = "test",
    description = {
      "Run the cases that stand beside policies, each with a token, a proof and a verifier.",
      "Says which cases come out otherwise, which policies, checks and alternatives no case"
          + " reaches, and which files lack their counterpart. Exit 0 if all cases pass, else 1."
    })
final class PolicyTestCommand extends ConsoleCommand {
  @Parameters(
      arity = "1..*",
      paramLabel = "DIR|FILE",
      description = "Folders, or files NAME.datalog or NAME.cases.yaml.")
  private List<String> places = new ArrayList<>();

  @Option(
      names = "--require-coverage",
      description = "Exit 1 as well if something is not reached by any case.")
  private boolean requireCoverage;

  @Mixin private final JsonOption json = new JsonOption();

  PolicyTestCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    return new PolicyTestService(console).run(places, requireCoverage, json.json());
  }
}
