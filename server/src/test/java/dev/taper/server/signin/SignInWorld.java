package dev.taper.server.signin;

import dev.taper.server.listener.Endpoint;
import dev.taper.server.listener.Endpoints;
import dev.taper.server.listener.ListenAddress;
import dev.taper.server.listener.Listener;
import dev.taper.server.oidc.IdentityTokens;
import dev.taper.server.oidc.Provider;
import dev.taper.server.oidc.ReadyProvider;
import dev.taper.server.process.Metrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;

/** A provider that signs in whoever a test says, and our pages beside it. */
public final class SignInWorld implements AutoCloseable {
  /** How this process is known at the provider. */
  public static final String CLIENT = "taper";

  /** What time it is. */
  public final TestClock clock = new TestClock();

  /** The provider. */
  public final MockOAuth2Server provider = new MockOAuth2Server();

  /** By which pages are reached. */
  public final String origin;

  /** Signs in. */
  public final SignIn signIn;

  private final Listener listener;

  /** Sign-in alone. */
  public static SignInWorld alone() {
    return new SignInWorld((signIn, world) -> List.of());
  }

  /** Sign-in, and endpoints that use it. */
  public SignInWorld(BiFunction<SignIn, SignInWorld, List<Endpoint>> more) {
    ReadyProvider.start(provider, "acme");
    Origins origins = new Origins();
    signIn =
        new SignIn(
            IdentityTokens.of(Provider.of(issuer()), clock),
            new SignInClient(
                CLIENT,
                null,
                Set.of("profile"),
                new RoleMapping(
                    "access.groups", Map.of(PersonRole.OPERATOR, Set.of("taper-operators")))),
            new Sessions(origins, Duration.ofHours(1), Duration.ofMinutes(10), clock),
            "/",
            clock);
    List<Endpoint> endpoints = new ArrayList<>(List.of(signIn));
    endpoints.addAll(more.apply(signIn, this));
    listener =
        Listener.start(
            ListenAddress.parse("127.0.0.1:0"), null, new Endpoints(endpoints, new Metrics()));
    origin = "http://" + listener.shown();
    origins.add(origin);
  }

  /** The provider's name. */
  public String issuer() {
    return provider.issuerUrl("acme").toString();
  }

  /** The next person who comes back from the provider. */
  public void next(String subject, Map<String, Object> claims) {
    provider.enqueueCallback(
        new DefaultOAuth2TokenCallback("acme", subject, "JWT", List.of(CLIENT), claims, 3600));
  }

  /** A browser of a person who is signed in. */
  public Browser signedIn(String subject, Map<String, Object> claims) {
    next(subject, claims);
    Browser browser = new Browser(origin);
    if (browser.signIn("/").statusCode() != 200) {
      throw new AssertionError("not signed in");
    }
    return browser;
  }

  @Override
  public void close() {
    listener.close();
    provider.shutdown();
  }
}
