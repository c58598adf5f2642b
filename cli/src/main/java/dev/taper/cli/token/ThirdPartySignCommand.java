package dev.taper.cli.token;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.Source;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code taper third-party sign}. */
@Command(name = "sign", description = "Sign a block for the token that a request comes from.")
final class ThirdPartySignCommand extends ConsoleCommand {
  @Parameters(
      index = "0",
      paramLabel = "REQUEST",
      description = "File with the request, or - for standard input.")
  private @Nullable String request;

  @Option(names = "--raw-input", description = "The request is raw bytes, not base64url text.")
  private boolean raw;

  @Mixin private final PrivateKeyInput key = new PrivateKeyInput();
  @Mixin private final BlockFileOption block = new BlockFileOption();
  @Mixin private final OutputOptions output = new OutputOptions();

  ThirdPartySignCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    block.check();
    Source source = Source.ofFile(Objects.requireNonNull(request));
    return new ThirdPartyService(console)
        .sign(new EncodedInput(source, raw), key.input(console), block, output);
  }
}
