package dev.taper.cli.token;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.KeyNames;
import dev.taper.cli.io.NamesOption;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.TokenInput;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonOption;
import org.jspecify.annotations.Nullable;

/** {@code taper inspect}. */
public final class InspectCommand extends ConsoleCommand {
  private final Value<@Nullable String> html =
      option(
              "--html",
              "FILE",
              "Write the chain of a delegation token as a page to a file, or to - instead.")
          .text();

  private final Flag datalog =
      flag("--datalog", "Show the Datalog of the blocks instead of the chain.");

  private final TokenInput token = part(new TokenInput());
  private final PublicKeyInput key = part(new PublicKeyInput());
  private final NamesOption names = part(new NamesOption());
  private final JsonOption json = part(new JsonOption());

  /** Runs in the given console. */
  public InspectCommand(Console console) {
    super(
        console,
        "inspect",
        "Show what a token says; with a root key, verify its signatures first.",
        "Without a key nothing is verified, and the output says so.",
        "A delegation token is shown as its chain: who let whom do what, and what is left of it.");
  }

  @Override
  protected ExitCode run() {
    if ((html.get() != null ? 1 : 0) + (datalog.given() ? 1 : 0) + (json.json() ? 1 : 0) > 1) {
      throw CliException.usage("--html, --datalog and --json exclude each other");
    }
    KeyNames shown = names.shown(console);
    return new InspectService(json.json() ? console : shown.on(console), shown)
        .run(token.input(console), key, json.json(), datalog.given(), html.get());
  }
}
