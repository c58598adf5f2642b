package dev.taper.server.signin;

import dev.taper.FailureLog;
import dev.taper.JsonFields;
import dev.taper.TaperException;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.operations.OperationException;
import dev.taper.server.listener.Endpoint;
import dev.taper.server.oidc.Identity;
import dev.taper.server.oidc.IdentityException;
import dev.taper.server.oidc.IdentityTokens;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Signs people in at a provider of OpenID Connect, by an authorization code with PKCE, and signs
 * them out. Answers {@code /signin}, {@code /signin/callback}, {@code /signin/session}, {@code
 * /signin/out} and the style of its pages. Thread-safe.
 */
public final class SignIn implements Endpoint {
  private static final String PATH = "/signin";
  private static final String CALLBACK = PATH + "/callback";
  private static final String SESSION = PATH + "/session";
  private static final String OUT = PATH + "/out";

  private static final Pattern LOCAL_PATH =
      Pattern.compile("/([A-Za-z0-9._~-][A-Za-z0-9._~/-]*)?(\\?[A-Za-z0-9._~=&-]*)?");
  private static final Pattern CODE = Pattern.compile("[a-z_]{1,64}");
  private static final int MAX_PATH = 512;
  private static final int MAX_CODE = 4096;
  private static final int MAX_NAME = 256;

  private final IdentityTokens provider;
  private final SignInClient client;
  private final CodeExchange exchange;
  private final Attempts attempts;
  private final Sessions sessions;
  private final String home;
  private final Clock clock;
  private final FailureLog failures;

  /**
   * Signs in at a provider.
   *
   * @param provider where
   * @param client how this process is known there, by the redirect {@code /signin/callback} of
   *     every origin
   * @param sessions what is opened
   * @param home the path of ours where people go who named no other
   * @param clock what time it is
   */
  public SignIn(
      IdentityTokens provider, SignInClient client, Sessions sessions, String home, Clock clock) {
    this.provider = provider;
    this.client = client;
    this.exchange = new CodeExchange(provider, client);
    this.attempts = new Attempts(clock);
    this.sessions = sessions;
    this.home = home;
    this.clock = clock;
    this.failures = FailureLog.of(SignIn.class, "signing in", clock);
  }

  /** The sessions that it opens. */
  public Sessions sessions() {
    return sessions;
  }

  @Override
  public String role() {
    return "signin";
  }

  @Override
  public @Nullable HttpAnswer answer(IncomingRequest request) {
    String path = FormFields.path(request);
    if (!path.equals(PATH) && !path.startsWith(PATH + "/")) {
      return null;
    }
    HttpAnswer foreign = sessions.origins().foreign(request);
    if (foreign != null) {
      return foreign;
    }
    boolean isRead = request.method().equals("GET");
    return switch (path) {
      case PATH -> isRead ? begin(request) : null;
      case CALLBACK -> isRead ? finish(request) : null;
      case SESSION -> isRead ? session(request) : null;
      case OUT -> request.method().equals("POST") ? out(request) : null;
      case StrictPage.LOOK, StrictPage.LAYOUT -> isRead ? StrictPage.style(path) : null;
      default -> null;
    };
  }

  /**
   * Sends a person without a session to sign in, and back here afterwards.
   *
   * @param request for a page of ours
   */
  public HttpAnswer first(IncomingRequest request) {
    String to = request.method().equals("GET") ? request.target() : home;
    // Only characters that need no escape in a query, but ? and &.
    return redirect(
        PATH + "?to=" + local(to).replace("?", "%3F").replace("&", "%26").replace("=", "%3D"));
  }

  private static HttpAnswer redirect(String location) {
    Map<String, String> fields = StrictPage.fields("text/plain; charset=utf-8", StrictPage.POLICY);
    fields.put("Location", location);
    return new HttpAnswer(303, fields, new byte[0]);
  }

  private String local(@Nullable String to) {
    return to != null && to.length() <= MAX_PATH && LOCAL_PATH.matcher(to).matches() ? to : home;
  }

  private HttpAnswer begin(IncomingRequest request) {
    Map<String, String> query = FormFields.ofQuery(request);
    String to = local(query == null ? null : query.get("to"));
    Attempts.Begun begun = attempts.begin(request, to);
    try {
      return redirect(exchange.url(begun.attempt(), redirect(request)))
          .with("Set-Cookie", begun.cookie());
    } catch (IdentityException e) {
      return failed(e);
    }
  }

  private String redirect(IncomingRequest request) {
    return sessions.origins().of(request) + CALLBACK;
  }

  private HttpAnswer finish(IncomingRequest request) {
    Map<String, String> query = FormFields.ofQuery(request);
    String state = query == null ? null : query.get("state");
    Attempts.Attempt attempt = state == null ? null : attempts.finish(request, state);
    if (query == null || attempt == null) {
      return again("This browser did not begin this sign-in, or began it too long ago.", 400);
    }
    String error = query.get("error");
    if (error != null) {
      String code = CODE.matcher(error).matches() ? " (" + error + ")" : "";
      return again("The provider did not sign you in" + code + ".", 403);
    }
    String code = query.get("code");
    if (code == null || code.isEmpty() || code.length() > MAX_CODE) {
      return again("The provider did not say who you are.", 400);
    }
    SignedIn person;
    try {
      person = person(exchange.identity(attempt, code, query.get("iss"), redirect(request)));
    } catch (IdentityException e) {
      return failed(e);
    } catch (OperationException | TaperException e) { // of the client's secret
      failures.failed(e);
      return unavailable();
    }
    Session before = sessions.of(request);
    if (before != null) {
      sessions.end(before);
    }
    Sessions.Opened opened = sessions.open(person, request);
    if (opened == null) {
      return unavailable();
    }
    // Not a redirect: in a chain that another site began, the new cookie would stay behind.
    return StrictPage.titled("You are signed in")
        .link(attempt.to(), "Go on")
        .goingOn(attempt.to())
        .with("Set-Cookie", opened.cookie());
  }

  private SignedIn person(Identity identity) {
    String name = identity.subject().id();
    for (String claim : new String[] {"name", "preferred_username"}) {
      name = identity.claims().get(claim) instanceof String text && !text.isBlank() ? text : name;
    }
    return new SignedIn(
        identity.subject(),
        name.length() > MAX_NAME ? name.substring(0, MAX_NAME) : name,
        client.roles().roles(identity),
        clock.instant());
  }

  private HttpAnswer failed(IdentityException e) {
    failures.failed(e);
    return e.code() == IdentityException.Code.UNAVAILABLE
        ? unavailable()
        : again("The provider's answer is not taken.", 403);
  }

  private static HttpAnswer unavailable() {
    return again("Nobody can sign in now; perhaps in a minute.", 503);
  }

  private static HttpAnswer again(String why, int status) {
    return StrictPage.titled("Not signed in").warn(why).link(PATH, "Begin again").answer(status);
  }

  private HttpAnswer session(IncomingRequest request) {
    Session session = sessions.of(request);
    if (session == null) {
      return HttpAnswer.of(HttpRefusal.of(403, "no_session", "sign in first"));
    }
    if (!Origins.isNotOthers(request)) {
      return HttpAnswer.of(HttpRefusal.of(403, "other_origin", "no page of ours asks this"));
    }
    boolean isTold = sessions.origins().isOurs(request);
    SignedIn person = session.person();
    JsonFields fields =
        new JsonFields()
            .put("issuer", person.subject().issuer())
            .put("subject", person.subject().id())
            .put("name", person.name())
            .put("roles", person.roles().stream().map(PersonRole::text).toList())
            .put("ends_at", session.ends().toEpochMilli())
            .putIfPresent("token", isTold ? session.token() : null);
    return new HttpAnswer(
        200,
        StrictPage.fields("application/json", "default-src 'none'"),
        fields.toJson().getBytes(StandardCharsets.UTF_8));
  }

  private HttpAnswer out(IncomingRequest request) {
    Session session = sessions.of(request);
    Map<String, String> form = FormFields.of(request);
    HttpAnswer refusal =
        sessions.refusal(request, session, form == null ? null : form.get("token"));
    if (refusal != null || session == null) {
      return refusal == null ? again("There is no session.", 403) : refusal;
    }
    sessions.end(session);
    return StrictPage.titled("You are signed out")
        .say("At " + provider.provider().issuer() + " you may be signed in still.")
        .link(PATH, "Sign in")
        .answer(200)
        .with("Set-Cookie", Sessions.forgotten());
  }
}
