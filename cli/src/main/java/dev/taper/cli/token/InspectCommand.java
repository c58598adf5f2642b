package dev.taper.cli.token;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.TokenInput;
import dev.taper.cli.output.JsonOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taper inspect}. */
@Command(
    name = "inspect",
    description = {
      "Show what a token says; with a root key, verify its signatures first.",
      "Without a key nothing is verified, and the output says so.",
      "A delegation token is shown as its chain: who let whom do what, and what is left of it."
    })
public final class InspectCommand extends ConsoleCommand {
  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write the chain of a delegation token as a page to a file, or to - instead.")
  private @Nullable String html;

  @Option(names = "--datalog", description = "Show the Datalog of the blocks instead of the chain.")
  private boolean datalog;

  @Mixin private final TokenInput token = new TokenInput();
  @Mixin private final PublicKeyInput key = new PublicKeyInput();
  @Mixin private final JsonOption json = new JsonOption();

  /** Runs in the given console. */
  public InspectCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    if ((html != null ? 1 : 0) + (datalog ? 1 : 0) + (json.json() ? 1 : 0) > 1) {
      throw CliException.usage("--html, --datalog and --json exclude each other");
    }
    return new InspectService(console).run(token.input(console), key, json.json(), datalog, html);
  }
}
