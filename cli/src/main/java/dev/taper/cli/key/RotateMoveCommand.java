package dev.taper.cli.key;

import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonOption;
import java.util.List;

/** {@code taper rotate move}. */
final class RotateMoveCommand extends ConsoleCommand {
  private final Value<List<String>> tokens =
      parameter("0..*", "1..*", "TOKEN", "The files of the tokens that the old key holds.").texts();

  private final Value<String> newKey =
      option("--new-key", "KEY", "The holder's new public key: its text, or a file.")
          .requiredText();

  private final Value<String> folder =
      option(
              "--out-dir",
              "FOLDER",
              "Where the new tokens go, each under its old file's name; none is overwritten.")
          .requiredText();

  private final PrivateKeyInput key = part(new PrivateKeyInput());
  private final AuditOptions audit = part(AuditOptions.ofHolder());
  private final RegistryOption registry = part(new RegistryOption());
  private final JsonOption json = part(new JsonOption());

  RotateMoveCommand(Console console) {
    super(
        console,
        "move",
        "Move a holder's tokens to its new key, all or none of them: as delegate --rotate-to does"
            + " with one.",
        "With --registry, it says what the old key holds beside these.");
  }

  @Override
  protected ExitCode run() {
    return new HolderRotationService(console)
        .move(
            tokens.get(),
            key.input(console),
            newKey.get(),
            folder.get(),
            audit,
            registry.access(console),
            json.json());
  }
}
