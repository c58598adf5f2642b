package dev.taper.cli.conformance;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonCommand;
import java.util.List;

/** {@code taper conformance}. */
public final class ConformanceCommand extends JsonCommand {
  private final Value<List<String>> files =
      parameter(
              "0..*", "1..*", "FILE", "Test case files; the token files they name lie beside them.")
          .texts();

  /** Runs in the given console. */
  public ConformanceCommand(Console console) {
    super(
        console,
        "conformance",
        "Run test cases in the format of the Biscuit project's samples.json.",
        "Prints a line for each failure and ends with 'N passed, M failed', counted in validations;"
            + " exit 0 only without a failure.");
  }

  @Override
  protected ExitCode run() {
    return new ConformanceService(console).run(files.get(), json.given());
  }
}
