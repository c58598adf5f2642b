package dev.taper.cli.token;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.TokenInput;
import dev.taper.cli.io.Tokens;
import dev.taper.crypto.Signer;
import dev.taper.operations.key.KeyFile;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import org.jspecify.annotations.Nullable;

/** {@code taper seal}. */
public final class SealCommand extends ConsoleCommand {
  private final TokenInput token = part(new TokenInput());
  private final PrivateKeyInput key = part(new PrivateKeyInput());
  private final OutputOptions output = part(new OutputOptions());

  /** Runs in the given console. */
  public SealCommand(Console console) {
    super(
        console,
        "seal",
        "Seal a token, so that nobody can append to it.",
        "A held token is sealed by its holder: with --key.");
  }

  @Override
  protected ExitCode run() {
    KeyInput holder = key.optional(console);
    Inputs inputs = new Inputs(console);
    Tokens tokens = new Tokens(inputs, new Outputs(console));
    UnverifiedToken from = tokens.read(token.input(console));
    UnverifiedToken sealed =
        from.kind() == Token.Kind.HELD
            ? byHolder(from, holder, new Keys(inputs))
            : Tokens.checked(from::seal);
    tokens.write(output, sealed::encode, sealed::encodeBase64);
    return ExitCode.OK;
  }

  private static UnverifiedToken byHolder(UnverifiedToken held, @Nullable KeyInput key, Keys keys) {
    if (key == null) {
      throw CliException.usage("a held token is sealed by its holder: use --key FILE");
    }
    Signer holder = keys.signer(key);
    UnverifiedToken sealed = held.seal(holder);
    KeyFile.wipe(holder);
    return sealed;
  }
}
