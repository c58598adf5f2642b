package dev.taper.cli.login;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.output.JsonOption;

/** {@code taper login}. */
public final class LoginCommand extends ConsoleCommand {
  private final SignInOptions signIn = part(new SignInOptions());
  private final AskedOptions asked = part(new AskedOptions());
  private final PrivateKeyInput key = part(new PrivateKeyInput());
  private final JsonOption json = part(new JsonOption());

  /** Runs in the given console. */
  public LoginCommand(Console console) {
    super(
        console,
        "login",
        "Get a first token for an agent: sign in by the browser, and have an issuer exchange that.",
        "Opens the browser, or prints the URL to open, and waits. The agent proves its key, which"
            + " the issuer has enrolled; the token is bound to it. Where the issuer wants your"
            + " consent, it says where to give it, and waits for that too.");
  }

  @Override
  protected ExitCode run() {
    return new LoginService(console).run(signIn, asked, key.input(console), json.json());
  }
}
