package dev.taper.cli.token;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Source;
import dev.taper.cli.output.JsonOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code taper diff}. */
@Command(
    name = "diff",
    description = {
      "Show what a token narrows of one that it was made from.",
      "Compares the blocks and verifies no signature. A token that does not descend from the other"
          + " one is an error (exit 3)."
    })
public final class DiffCommand extends ConsoleCommand {
  @Parameters(index = "0", paramLabel = "TOKEN", description = "File with the token, or -.")
  private String token = "";

  @Parameters(index = "1", paramLabel = "PARENT", description = "File with the other token, or -.")
  private String parent = "";

  @Option(names = "--raw-input", description = "The tokens are raw bytes, not base64url text.")
  private boolean raw;

  @Mixin private final JsonOption json = new JsonOption();

  /** Runs in the given console. */
  public DiffCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    return new DiffService(console)
        .run(
            new EncodedInput(Source.ofFile(token), raw),
            new EncodedInput(Source.ofFile(parent), raw),
            json.json());
  }
}
