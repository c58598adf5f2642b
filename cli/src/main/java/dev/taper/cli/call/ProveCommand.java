package dev.taper.cli.call;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.TokenInput;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taper prove}. */
@Command(
    name = "prove",
    description = {
      "Prove a call: sign, as the holder of a token, that this call is one's own.",
      "A proof is good for this token, call and service, once, for a minute."
    })
public final class ProveCommand extends ConsoleCommand {
  @Option(
      names = "--time",
      paramLabel = "TIME",
      defaultValue = "now",
      description = "When: now (the default), a date, or +15m for later than now.")
  private String time = "now";

  @Mixin private final TokenInput token = new TokenInput();
  @Mixin private final PrivateKeyInput key = new PrivateKeyInput();
  @Mixin private final CallOptions request = new CallOptions();
  @Mixin private final OutputOptions output = new OutputOptions();

  /** Runs in the given console. */
  public ProveCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    return new ProofService(console)
        .run(token.input(console), key.input(console), request.required(), time, output);
  }
}
