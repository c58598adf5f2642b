package dev.taper.cli.login;

import dev.taper.agent.delegation.AgentToken;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.SafeText;
import dev.taper.crypto.Signer;
import dev.taper.operations.config.Times;
import dev.taper.operations.key.KeyFile;
import dev.taper.operations.login.BrowserSignIn;
import dev.taper.operations.login.BrowserSignIn.TokenKind;
import dev.taper.operations.login.FirstToken;
import dev.taper.operations.login.RequestedGrant;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code taper login}. */
public final class LoginCommand extends JsonCommand {
  private final Value<String> issuer =
      option("--issuer", "URL", "The issuer that exchanges the sign-in, as it is called.")
          .requiredText();

  private final Value<String> provider =
      option("--provider", "URL", "The provider of OpenID Connect at which you sign in.")
          .requiredText();

  private final Value<String> client =
      option(
              "--client-id",
              "ID",
              "A public client there, with redirects to http://127.0.0.1/callback.")
          .requiredText();

  private final Value<List<String>> scopes =
      option("--scope", "NAME", "What to ask for beside openid. Several add up.").texts();

  private final Value<@Nullable String> resource =
      option("--resource", "URL", "For whom the provider's token is, as RFC 8707 says it.").text();

  private final Flag access =
      flag("--access-token", "Exchange the provider's access token, not the ID token.");

  private final Value<@Nullable Integer> port =
      option("--port", "N", "Where the browser comes back. Default: any free port.")
          .optional(Integer.class);

  private final Value<String> patience =
      option("--wait", "DURATION", "How long to wait for you. Default: 5m.").text("5m");

  private final Flag noBrowser =
      flag("--no-browser", "Only print the URL; it has to be opened on this machine.");

  private final Value<String> task =
      option("--task", "ID", "The task, such as T-4711.").requiredText();

  private final Value<@Nullable String> purpose =
      option("--purpose", "TEXT", "What the task is for.").text();

  private final Value<String> template =
      option("--template", "NAME", "The issuer's template: what is granted at most.")
          .requiredText();

  private final Value<List<String>> grants =
      option(
              "--grant",
              "GRANT",
              "What may be done, as in mint. Several are alternatives. Default: all of the"
                  + " template.")
          .texts();

  private final Value<List<String>> audiences =
      option("--audience", "SERVICE", "A service that may take the token. Several add up.").texts();

  private final Value<@Nullable String> life =
      option("--expires", "DURATION", "How long, such as 1h. Default: as the template says.")
          .text();

  private final Value<@Nullable Integer> maxDepth =
      option("--max-depth", "N", "How often the token may be handed on.").optional(Integer.class);

  private final Value<@Nullable String> out = outFile();
  private final PrivateKeyInput key = part(new PrivateKeyInput());

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
    FirstToken exchange = FirstToken.from(issuer.get(), console.clock());
    BrowserSignIn signIn = new BrowserSignIn(request(), console.clock());
    RequestedGrant grant = grant();
    Signer agent = keys.signer(agentKey); // before the person has to do anything
    AgentToken token;
    try {
      String subject = signIn.signIn(url -> show("Sign in at", url));
      token =
          exchange.exchange(
              subject,
              kind(),
              agent,
              grant,
              url -> show("Consent at", url),
              Times.parseDuration(patience.get()));
    } finally {
      KeyFile.wipe(agent);
    }
    outputs.result(out.get(), token.encodeBase64(), json.given());
    return ExitCode.OK;
  }

  private void show(String what, URI url) {
    console.err().println(what + " " + SafeText.line(url.toString()));
    console.err().flush();
    if (!noBrowser.given() && console.terminals().err()) {
      PersonsBrowser.open(url, console.env());
    }
  }

  private TokenKind kind() {
    return access.given() ? TokenKind.ACCESS : TokenKind.ID;
  }

  private BrowserSignIn.Request request() {
    Integer given = port.get();
    if (given != null && (given < 0 || given > 65_535)) {
      throw CliException.usage("--port is a number from 0 to 65535");
    }
    return new BrowserSignIn.Request(
        provider.get(),
        client.get(),
        Set.copyOf(scopes.get()),
        resource.get(),
        kind(),
        given == null ? 0 : given,
        Times.parseDuration(patience.get()));
  }

  private RequestedGrant grant() {
    return new RequestedGrant(
        template.get(),
        task.get(),
        purpose.get(),
        grants.get(),
        audiences.get(),
        life.get() == null ? null : Times.parseDuration(life.get()),
        maxDepth.get());
  }
}
