package dev.taper.cli.token;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.TokenInput;
import dev.taper.cli.io.Tokens;
import dev.taper.token.ThirdPartyBlock;
import dev.taper.token.UnverifiedToken;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taper third-party append}. */
@Command(name = "append", description = "Append a block that a third party signed to its token.")
final class ThirdPartyAppendCommand extends ConsoleCommand {
  @Option(
      names = {"-c", "--contents"},
      paramLabel = "FILE",
      description = "File with the signed block, or - for standard input.")
  private @Nullable String file;

  @Option(
      names = "--contents-text",
      paramLabel = "BASE64",
      description = "The signed block as base64url text.")
  private @Nullable String text;

  @Option(names = "--raw-contents", description = "The signed block is raw bytes.")
  private boolean raw;

  @Mixin private final TokenInput token = new TokenInput();
  @Mixin private final OutputOptions output = new OutputOptions();

  ThirdPartyAppendCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    EncodedInput contents = contents();
    Tokens tokens = new Tokens(new Inputs(console), new Outputs(console));
    UnverifiedToken from = tokens.read(token.input(console));
    ThirdPartyBlock block = tokens.read(contents, ThirdPartyBlock::decode, ThirdPartyBlock::decode);
    UnverifiedToken longer = Tokens.checked(() -> from.append(block));
    tokens.write(output, longer::encode, longer::encodeBase64);
    return ExitCode.OK;
  }

  private EncodedInput contents() {
    if ((file == null) == (text == null)) {
      throw CliException.usage("the signed block is needed once: --contents or --contents-text");
    }
    return file != null
        ? new EncodedInput(Source.ofFile(file), raw)
        : new EncodedInput(new Source.Text(String.valueOf(text)), false);
  }
}
