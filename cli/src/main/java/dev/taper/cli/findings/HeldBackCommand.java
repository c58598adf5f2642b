package dev.taper.cli.findings;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.NamesOption;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.Count;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.SafeText;
import dev.taper.operations.findings.HeldBackFile;
import java.io.PrintStream;
import java.util.Map;

/** {@code taper findings held-back}. */
final class HeldBackCommand extends JsonCommand {
  private final Value<String> file =
      parameter("0", "1", "FILE", "findings.held-back of the service's configuration.")
          .requiredText();

  private final NamesOption names = part(new NamesOption());

  HeldBackCommand(Console console) {
    super(
        console,
        "held-back",
        "Show the keys whose calls a service refuses until a person lets them go, and why.");
  }

  @Override
  protected ExitCode run() {
    Map<String, String> held = HeldBackFile.at(console.resolve(file.get())).held();
    if (json.given()) {
      HeldKeys.write(console.out(), "held_back", held);
      return ExitCode.OK;
    }
    PrintStream out = names.shown(console).on(console).out();
    held.forEach((key, found) -> out.println(SafeText.line(key + "  " + found)));
    out.println(Count.of(held.size(), "key is", "keys are") + " held back.");
    out.flush();
    return ExitCode.OK;
  }
}
