package dev.taper.cli.token;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.EncodedInput;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code taper third-party sign}. */
@Command(name = "sign", description = "Sign a block for the token that a request comes from.")
public final class ThirdPartySignCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      index = "0",
      paramLabel = "REQUEST",
      description = "File with the request, or - for standard input.")
  private @Nullable String request;

  @Option(names = "--raw-input", description = "The request is raw bytes, not base64url text.")
  private boolean raw;

  @Mixin private final PrivateKeyInput key = new PrivateKeyInput();
  @Mixin private final BlockFileOption file = new BlockFileOption();
  @Mixin private final BlockOptions block = new BlockOptions();
  @Mixin private final OutputOptions output = new OutputOptions();

  /** Runs in the given console. */
  public ThirdPartySignCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Source source = Source.ofFile(Objects.requireNonNull(request));
    return new ThirdPartyService(console)
        .sign(new EncodedInput(source, raw), key.input(console), file.input(block), output.target())
        .status();
  }
}
