package dev.taper.cli.login;

import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.Value;
import dev.taper.operations.config.Times;
import dev.taper.operations.login.BrowserSignIn;
import dev.taper.operations.login.BrowserSignIn.TokenKind;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the person signs in, and which issuer exchanges that. */
final class SignInOptions extends Arguments {
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

  String issuer() {
    return issuer.get();
  }

  boolean opensBrowser() {
    return !noBrowser.given();
  }

  TokenKind kind() {
    return access.given() ? TokenKind.ACCESS : TokenKind.ID;
  }

  Duration patience() {
    return Times.parseDuration(patience.get());
  }

  /**
   * The sign-in.
   *
   * @throws CliException for a port that is none
   */
  BrowserSignIn.Request request() {
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
        patience());
  }
}
