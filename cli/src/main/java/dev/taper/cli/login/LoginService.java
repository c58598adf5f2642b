package dev.taper.cli.login;

import dev.taper.agent.AgentToken;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleService;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.output.SafeText;
import dev.taper.crypto.Signer;
import dev.taper.operations.key.KeyFile;
import dev.taper.operations.login.AskedGrant;
import dev.taper.operations.login.BrowserSignIn;
import dev.taper.operations.login.FirstToken;
import java.net.URI;

/** Signs in, exchanges, and keeps the token. */
final class LoginService extends ConsoleService {
  LoginService(Console console) {
    super(console);
  }

  ExitCode run(SignInOptions signIn, AskedOptions asked, KeyInput key, boolean json) {
    FirstToken issuer = FirstToken.from(signIn.issuer(), console.clock());
    BrowserSignIn provider = new BrowserSignIn(signIn.request(), console.clock());
    AskedGrant grant = asked.grant();
    Signer agent = keys.signer(key); // before the person has to do anything
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
    outputs.result(asked.out(), token.encodeBase64(), json);
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
