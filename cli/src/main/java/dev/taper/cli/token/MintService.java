package dev.taper.cli.token;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.Tokens;
import dev.taper.crypto.PrivateKey;
import dev.taper.token.Token.MintOptions;
import dev.taper.token.Token;
import org.jspecify.annotations.Nullable;

/** Makes tokens. */
final class MintService {
  private static final long MAX_ROOT_KEY_ID = 0xffff_ffffL;

  private final Console console;
  private final Inputs inputs;
  private final Tokens tokens;

  MintService(Console console) {
    this.console = console;
    this.inputs = new Inputs(console);
    this.tokens = new Tokens(inputs, new Outputs(console));
  }

  /**
   * Makes a token and writes it.
   *
   * @param key the root key
   * @param block its authority block
   * @param file the file with the block's Datalog, or null
   * @param rootKeyId the hint for choosing the root key, or null
   * @param target where the token goes
   */
  ExitCode run(
      KeyInput key,
      BlockOptions block,
      @Nullable String file,
      @Nullable Long rootKeyId,
      OutputOptions target) {
    MintOptions options = options(rootKeyId);
    PrivateKey root = new Keys(inputs).privateKey(key);
    Token token = Token.mint(root, block.read(console, inputs, file), options);
    root.destroy();
    tokens.write(target, token::encode, token::encodeBase64);
    return ExitCode.OK;
  }

  private static MintOptions options(@Nullable Long rootKeyId) {
    return rootKeyId == null
        ? MintOptions.DEFAULT
        : MintOptions.DEFAULT.withRootKeyId(rootKeyId(rootKeyId));
  }

  /** The hint as the format has it: 32 bits without a sign. */
  static int rootKeyId(long id) {
    if (id < 0 || id > MAX_ROOT_KEY_ID) {
      throw CliException.usage("a root key id is between 0 and " + MAX_ROOT_KEY_ID);
    }
    return (int) id;
  }
}
