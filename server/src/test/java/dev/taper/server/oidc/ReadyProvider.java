package dev.taper.server.oidc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import no.nav.security.mock.oauth2.MockOAuth2Server;

/**
 * A provider that is not ours. The first answers of a new one take long, and whoever signs in waits
 * for it only so long: they are given before a test asks.
 */
public final class ReadyProvider {
  private ReadyProvider() {}

  /** Starts it, and has it answer for an issuer. */
  public static void start(MockOAuth2Server provider, String issuer) {
    provider.start();
    var unused = provider.issueToken(issuer, "nobody", "nothing");
    for (String url :
        List.of(provider.wellKnownUrl(issuer).toString(), provider.jwksUrl(issuer).toString())) {
      try (InputStream answer = URI.create(url).toURL().openStream()) {
        if (answer.readAllBytes().length == 0) {
          throw new IllegalStateException(url + " is empty");
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
