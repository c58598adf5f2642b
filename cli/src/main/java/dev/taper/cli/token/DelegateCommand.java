package dev.taper.cli.token;

import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.NamesOption;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.TokenInput;

/** {@code taper delegate}. */
public final class DelegateCommand extends ConsoleCommand {
  private final TokenInput token = part(new TokenInput());
  private final PrivateKeyInput key = part(new PrivateKeyInput());
  private final HopOptions hop = part(new HopOptions());
  private final AuditOptions audit = part(AuditOptions.ofHolder());
  private final OutputOptions output = part(new OutputOptions());
  private final RegistryOption registry = part(new RegistryOption());
  private final NamesOption names = part(new NamesOption());

  /** Runs in the given console. */
  public DelegateCommand(Console console) {
    super(
        console,
        "delegate",
        "Hand a delegation token on, offline and without the root key; it can only narrow.",
        "The holder signs with its own key. What is probably a mistake is a warning on standard"
            + " error.");
  }

  @Override
  protected ExitCode run() {
    hop.check();
    return new DelegationService(console, audit, registry, names.read(console))
        .delegate(token.input(console), key.optional(console), hop, output);
  }
}
