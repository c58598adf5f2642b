package dev.taper.cli.login;

import dev.taper.agent.AgentToken;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.output.JsonOption;
import dev.taper.cli.output.SafeText;
import dev.taper.crypto.Signer;
import dev.taper.operations.key.KeyFile;
import dev.taper.operations.login.AskedGrant;
import dev.taper.operations.login.BrowserSignIn;
import dev.taper.operations.login.FirstToken;
import java.net.URI;

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
    KeyInput agentKey = key.input(console);
    FirstToken issuer = FirstToken.from(signIn.issuer(), console.clock());
    BrowserSignIn provider = new BrowserSignIn(signIn.request(), console.clock());
    AskedGrant grant = asked.grant();
    Signer agent = keys.signer(agentKey); // before the person has to do anything
    AgentToken token;
    try {
      String subject = provider.signIn(url -> show("Sign in at", url, signIn.opensBrowser()));
      token =
          issuer.exchange(
              subject,
              signIn.kind(),
              agent,
              grant,
              url -> show("Consent at", url, signIn.opensBrowser()),
              signIn.patience());
    } finally {
      KeyFile.wipe(agent);
    }
    outputs.result(asked.out(), token.encodeBase64(), json.json());
    return ExitCode.OK;
  }

  private void show(String what, URI url, boolean opens) {
    console.err().println(what + " " + SafeText.line(url.toString()));
    console.err().flush();
    if (opens && console.terminals().err()) {
      PersonsBrowser.open(url, console.env());
    }
  }
}
