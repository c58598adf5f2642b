package dev.taper.cli.key;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.output.JsonOption;

/** {@code taper rotate status}. */
final class RotateStatusCommand extends ConsoleCommand {
  private final KeySetOption keys = part(new KeySetOption());
  private final RegistryOption registry = part(new RegistryOption());
  private final JsonOption json = part(new JsonOption());

  RotateStatusCommand(Console console) {
    super(console, "status", "Show the root keys and, with --registry, what depends on each.");
  }

  @Override
  protected ExitCode run() {
    return new RotationService(console, keys.file(), registry).status(json.json());
  }
}
