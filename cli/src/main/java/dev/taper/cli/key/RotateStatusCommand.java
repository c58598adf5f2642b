package dev.taper.cli.key;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.output.JsonOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code taper rotate status}. */
@Command(
    name = "status",
    description = "Show the root keys and, with --registry, what depends on each.")
final class RotateStatusCommand extends ConsoleCommand {
  @Mixin private final KeySetOption keys = new KeySetOption();
  @Mixin private final RegistryOption registry = new RegistryOption();
  @Mixin private final JsonOption json = new JsonOption();

  RotateStatusCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    return new RotationService(console, keys.file(), registry).status(json.json());
  }
}
