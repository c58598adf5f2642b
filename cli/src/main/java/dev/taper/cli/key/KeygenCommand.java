package dev.taper.cli.key;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code taper keygen}. */
@Command(
    name = "keygen",
    description = {
      "Make a key pair, or convert an existing private key.",
      "With --out, the private key goes to a file that only its owner can read, the public key"
          + " beside it."
    })
public final class KeygenCommand extends ConsoleCommand {
  @Mixin private final KeyPairOptions options = new KeyPairOptions();

  /** Runs in the given console. */
  public KeygenCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    return new KeygenService(console).run(options);
  }
}
