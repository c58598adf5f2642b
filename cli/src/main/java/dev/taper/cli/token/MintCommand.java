package dev.taper.cli.token;

import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.GivenOptions;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.Tokens;
import dev.taper.crypto.PrivateKey;
import dev.taper.token.Token;
import dev.taper.token.Token.MintOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code taper mint}. */
@Command(
    name = "mint",
    description = {
      "Make a token: sign an authority block with a root key.",
      "Either a delegation token, for a holder to use and hand on (--delegator, --holder, --task,"
          + " --grant, --expires), or a plain one from Datalog."
    })
public final class MintCommand extends ConsoleCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "DATALOG_FILE",
      description = "File with the authority block's Datalog, or - for standard input.")
  private @Nullable String file;

  @Option(
      names = "--root-key-id",
      paramLabel = "N",
      description = "A hint, outside the signature, by which verifiers choose the root key.")
  private @Nullable Long rootKeyId;

  @Mixin private final PrivateKeyInput key = new PrivateKeyInput();
  @Mixin private final DelegationOptions delegation = new DelegationOptions();
  @Mixin private final BlockOptions block = new BlockOptions();
  @Mixin private final AuditOptions audit = new AuditOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final RegistryOption registry = new RegistryOption();

  /** Runs in the given console. */
  public MintCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    if (!delegation.isGiven()) {
      if (audit.isGiven()) {
        throw CliException.usage(
            "--audit records delegation tokens only: use --delegator and so on");
      }
      if (registry.isGiven()) {
        throw CliException.usage("a registry knows delegation tokens only: see --delegator");
      }
      block.check("a Datalog file", file);
      return plain(key.input(console));
    }
    new GivenOptions()
        .add("a Datalog file", file != null)
        .add(block.given())
        .refuse(
            "goes without --delegator: a delegation token says what its own options say",
            "go without --delegator: a delegation token says what its own options say");
    delegation.check();
    return new DelegationService(console, audit, registry)
        .mint(key.input(console), delegation, rootKeyId, output);
  }

  private ExitCode plain(KeyInput rootKey) {
    MintOptions options = MintOptions.DEFAULT;
    if (rootKeyId != null) {
      options = options.withRootKeyId(DelegationService.rootKeyId(rootKeyId));
    }
    Inputs inputs = new Inputs(console);
    PrivateKey root = new Keys(inputs).privateKey(rootKey);
    Token token = Token.mint(root, block.read(console, inputs, file), options);
    root.destroy();
    new Tokens(inputs, new Outputs(console)).write(output, token::encode, token::encodeBase64);
    return ExitCode.OK;
  }
}
