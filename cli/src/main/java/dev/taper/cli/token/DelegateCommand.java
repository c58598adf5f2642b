package dev.taper.cli.token;

import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.TokenInput;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code taper delegate}. */
@Command(
    name = "delegate",
    description = {
      "Hand a delegation token on, offline and without the root key; it can only narrow.",
      "The holder signs with its own key. What is probably a mistake is a warning on standard"
          + " error."
    })
public final class DelegateCommand extends ConsoleCommand {
  @Mixin private final TokenInput token = new TokenInput();
  @Mixin private final PrivateKeyInput key = new PrivateKeyInput();
  @Mixin private final HopOptions hop = new HopOptions();
  @Mixin private final AuditOptions audit = new AuditOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final RegistryOption registry = new RegistryOption();

  /** Runs in the given console. */
  public DelegateCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    hop.check();
    return new DelegationService(console, audit, registry)
        .delegate(token.input(console), key.optional(console), hop, output);
  }
}
