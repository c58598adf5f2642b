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
import dev.taper.cli.io.NamesOption;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.io.Value;
import dev.taper.crypto.Signer;
import dev.taper.operations.key.KeyFile;
import dev.taper.token.Token;
import dev.taper.token.Token.MintOptions;
import org.jspecify.annotations.Nullable;

/** {@code taper mint}. */
public final class MintCommand extends ConsoleCommand {
  private final Value<@Nullable String> file =
      parameter(
              "0",
              "0..1",
              "DATALOG_FILE",
              "File with the authority block's Datalog, or - for standard input.")
          .text();

  private final Value<@Nullable Long> rootKeyId =
      option(
              "--root-key-id",
              "N",
              "A hint, outside the signature, by which verifiers choose the root key.")
          .optional(Long.class);

  private final PrivateKeyInput key = part(new PrivateKeyInput());
  private final DelegationOptions delegation = part(new DelegationOptions());
  private final BlockOptions block = part(new BlockOptions());
  private final AuditOptions audit = part(new AuditOptions());
  private final OutputOptions output = part(new OutputOptions());
  private final RegistryOption registry = part(new RegistryOption());
  private final NamesOption names = part(new NamesOption());

  /** Runs in the given console. */
  public MintCommand(Console console) {
    super(
        console,
        "mint",
        "Make a token: sign an authority block with a root key.",
        "Either a delegation token, for a holder to use and hand on (--delegator, --holder, --task,"
            + " --grant, --expires), or a plain one from Datalog.");
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
      block.check("a Datalog file", file.get());
      return plain(key.input(console));
    }
    new GivenOptions()
        .add("a Datalog file", file.get() != null)
        .add(block.given())
        .refuse(
            "goes without --delegator: a delegation token says what its own options say",
            "go without --delegator: a delegation token says what its own options say");
    delegation.check(key.optional(console) != null);
    return new DelegationService(console, audit, registry, names.read(console))
        .mint(key.input(console), delegation, rootKeyId.get(), output);
  }

  private ExitCode plain(KeyInput rootKey) {
    MintOptions options = MintOptions.DEFAULT;
    if (rootKeyId.get() != null) {
      options = options.withRootKeyId(DelegationService.rootKeyId(rootKeyId.get()));
    }
    Inputs inputs = new Inputs(console);
    Signer root = new Keys(inputs).signer(rootKey);
    Token token = Token.mint(root, block.read(console, inputs, file.get()), options);
    KeyFile.wipe(root);
    new Tokens(inputs, new Outputs(console)).write(output, token::encode, token::encodeBase64);
    return ExitCode.OK;
  }
}
