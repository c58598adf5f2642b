package dev.taper.cli.conformance;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code taper conformance}. */
@Command(
    name = "conformance",
    description = {
      "Run test cases in the format of the Biscuit project's samples.json.",
      "Prints a line for each failure and ends with 'N passed, M failed', counted in validations;"
          + " exit 0 only without a failure."
    })
public final class ConformanceCommand extends ConsoleCommand {
  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Test case files; the token files they name lie beside them.")
  private List<String> files = new ArrayList<>();

  /** Runs in the given console. */
  public ConformanceCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    return new ConformanceService(console).run(files);
  }
}
