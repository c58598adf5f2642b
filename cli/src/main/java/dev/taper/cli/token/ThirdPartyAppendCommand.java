package dev.taper.cli.token;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.TokenInput;
import dev.taper.cli.io.Value;
import dev.taper.token.ThirdPartyBlock;
import dev.taper.token.UnverifiedToken;
import org.jspecify.annotations.Nullable;

/** {@code taper third-party append}. */
final class ThirdPartyAppendCommand extends ConsoleCommand {
  private final Value<@Nullable String> file =
      option("-c, --contents", "FILE", "File with the signed block, or - for standard input.")
          .text();

  private final Value<@Nullable String> text =
      option("--contents-text", "BASE64", "The signed block as base64url text.").text();

  private final Flag raw = flag("--raw-contents", "The signed block is raw bytes.");

  private final TokenInput token = part(new TokenInput());
  private final HolderStep added = part(new HolderStep("only its holder adds to a held token"));
  private final OutputOptions output = part(new OutputOptions());

  ThirdPartyAppendCommand(Console console) {
    super(
        console,
        "append",
        "Append a block that a third party signed to its token.",
        "To a held token its holder appends it, with --key.");
  }

  @Override
  protected ExitCode run() {
    EncodedInput contents = contents();
    UnverifiedToken from = tokens.read(token.input(console));
    ThirdPartyBlock block = tokens.read(contents, ThirdPartyBlock::decode, ThirdPartyBlock::decode);
    UnverifiedToken longer =
        added.take(
            from,
            bearer -> bearer.append(block),
            (held, holder) -> held.append(block, holder),
            console);
    tokens.write(output, longer::encode, longer::encodeBase64);
    return ExitCode.OK;
  }

  private EncodedInput contents() {
    if ((file.get() == null) == (text.get() == null)) {
      throw CliException.usage("the signed block is needed once: --contents or --contents-text");
    }
    return file.get() != null
        ? new EncodedInput(Source.ofFile(file.get()), raw.given())
        : new EncodedInput(new Source.Text(String.valueOf(text.get())), false);
  }
}
