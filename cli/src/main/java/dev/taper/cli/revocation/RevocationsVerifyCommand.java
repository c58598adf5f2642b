package dev.taper.cli.revocation;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.RevocationListOptions;
import dev.taper.cli.output.JsonOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code taper revocations verify}. */
@Command(
    name = "verify",
    description = {
      "Take a list as a service does.",
      "Prints FRESH (exit 0) or STALE (exit 1); a list that is refused is an error (exit 3)."
    })
final class RevocationsVerifyCommand extends ConsoleCommand {
  @Mixin private final RevocationListOptions list = new RevocationListOptions();
  @Mixin private final JsonOption json = new JsonOption();

  RevocationsVerifyCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    return new RevocationsService(console).verify(list, json.json());
  }
}
