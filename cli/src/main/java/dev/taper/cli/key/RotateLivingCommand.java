package dev.taper.cli.key;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonOption;

/** {@code taper rotate living}. */
final class RotateLivingCommand extends ConsoleCommand {
  private final Value<String> key =
      parameter("0", "1", "KEY", "The holder's public key: its text, or a file.").requiredText();

  private final RegistryOption registry = part(new RegistryOption());
  private final JsonOption json = part(new JsonOption());

  RotateLivingCommand(Console console) {
    super(
        console,
        "living",
        "List the living delegations that depend on a holder's key: what it holds, what it handed"
            + " on, and when the last of that ends.");
  }

  @Override
  protected ExitCode run() {
    return new HolderRotationService(console).living(key.get(), registry.required(), json.json());
  }
}
