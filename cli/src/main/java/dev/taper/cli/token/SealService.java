package dev.taper.cli.token;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.Tokens;
import dev.taper.crypto.PrivateKey;
import dev.taper.token.TokenKind;
import dev.taper.token.UnverifiedToken;
import org.jspecify.annotations.Nullable;

/** Seals tokens. */
final class SealService {
  private final Keys keys;
  private final Tokens tokens;

  SealService(Console console) {
    Inputs inputs = new Inputs(console);
    this.keys = new Keys(inputs);
    this.tokens = new Tokens(inputs, new Outputs(console));
  }

  /**
   * Seals a token and writes the new one.
   *
   * @param token the token
   * @param key the holder's key; only a held token takes one
   * @param target where the new token goes
   */
  ExitCode run(EncodedInput token, @Nullable KeyInput key, OutputOptions target) {
    UnverifiedToken from = tokens.read(token);
    UnverifiedToken sealed =
        from.kind() == TokenKind.HELD ? byHolder(from, key) : Tokens.checked(from::seal);
    tokens.write(target, sealed::encode, sealed::encodeBase64);
    return ExitCode.OK;
  }

  private UnverifiedToken byHolder(UnverifiedToken held, @Nullable KeyInput key) {
    if (key == null) {
      throw CliException.usage("a held token is sealed by its holder: use --key FILE");
    }
    PrivateKey holder = keys.privateKey(key);
    UnverifiedToken sealed = held.seal(holder);
    holder.destroy();
    return sealed;
  }
}
