package dev.taper.cli.revocation;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.RevocationListOptions;
import dev.taper.cli.output.JsonOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taper revocations show}. */
@Command(
    name = "show",
    description = {
      "Show a list: number, times, and how much of what it revokes.",
      "It names fingerprints; what they stand for is not in it."
    })
final class RevocationsShowCommand extends ConsoleCommand {
  @Option(names = "--entries", description = "List the entries too.")
  private boolean entries;

  @Mixin private final RevocationListOptions list = new RevocationListOptions();
  @Mixin private final JsonOption json = new JsonOption();

  RevocationsShowCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    return new RevocationsService(console).show(list, entries, json.json());
  }
}
