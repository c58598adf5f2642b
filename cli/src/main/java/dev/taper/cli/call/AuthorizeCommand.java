package dev.taper.cli.call;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;

/** {@code taper authorize}. */
public final class AuthorizeCommand extends ConsoleCommand {
  private final AuthorizeOptions options = part(new AuthorizeOptions());

  /** Runs in the given console. */
  public AuthorizeCommand(Console console) {
    super(
        console,
        "authorize",
        "Verify a token and decide a request by its checks and your policies.",
        "With --request, --http or --mcp: decide one call with a delegation token and its holder's"
            + " proof. Policies are optional then; the default allows what the chain allows. The"
            + " catalog of the service says what the call means; without it, the request itself does.",
        "Prints ALLOWED (exit 0) or DENIED (exit 1). An evaluation that fails or reaches a limit is"
            + " a refusal as well (exit 1), told apart by its code.");
  }

  @Override
  protected ExitCode run() {
    if (options.call.isGiven() || options.offer.given()) {
      options.checkCall();
      Console shown = options.json.json() ? console : options.kind.names(console).on(console);
      return new CallService(shown).run(options);
    }
    options.checkRequest();
    return new AuthorizeService(console).run(options);
  }
}
