package dev.taper.cli.key;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.output.JsonOption;

/** {@code taper keygen}. */
public final class KeygenCommand extends ConsoleCommand {
  private final KeyPairOptions options = part(new KeyPairOptions());
  private final JsonOption json = part(new JsonOption());

  /** Runs in the given console. */
  public KeygenCommand(Console console) {
    super(
        console,
        "keygen",
        "Make a key pair, or convert an existing private key.",
        "With --out, the private key goes to a file that only its owner can read, the public key"
            + " beside it.");
  }

  @Override
  protected ExitCode run() {
    return new KeygenService(console).run(options, json.json());
  }
}
