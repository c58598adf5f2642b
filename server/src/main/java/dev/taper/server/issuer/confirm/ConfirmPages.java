package dev.taper.server.issuer.confirm;

import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.server.issuer.PendingExchange;
import dev.taper.server.issuer.PendingExchanges;
import dev.taper.server.issuer.enrol.EnrolmentCodes;
import dev.taper.server.listener.Endpoint;
import dev.taper.server.signin.FormFields;
import dev.taper.server.signin.PersonRole;
import dev.taper.server.signin.Session;
import dev.taper.server.signin.SignIn;
import dev.taper.server.signin.StrictPage;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pages below {@code /confirm}: what waits for the person who is signed in, what exactly is
 * asked, and yes or no. Nobody sees or decides what waits for another. A word counts only from the
 * page that showed all of it, in the session that it was shown in, within a quarter of an hour of
 * signing in. Thread-safe.
 */
public final class ConfirmPages implements Endpoint {
  /** Where a person begins. */
  public static final String PATH = "/confirm";

  static final String EXCHANGE = PATH + "/exchange";
  static final String CODE = PATH + "/code";

  /** How long ago a person may have signed in. */
  private static final Duration FRESH = Duration.ofMinutes(15);

  private static final Set<String> PATHS = Set.of(PATH, EXCHANGE, CODE);

  private final SignIn signIn;
  private final ExchangePages exchanges;
  private final CodePages codes;
  private final Clock clock;

  /**
   * Shows what waits.
   *
   * @param signIn who is who
   * @param exchanges what waits for those who are acted for
   * @param codes what waits for operators
   * @param clock what time it is
   */
  public ConfirmPages(
      SignIn signIn, PendingExchanges exchanges, EnrolmentCodes codes, Clock clock) {
    this.signIn = signIn;
    this.exchanges = new ExchangePages(exchanges);
    this.codes = new CodePages(codes);
    this.clock = clock;
  }

  @Override
  public String role() {
    return "confirm";
  }

  @Override
  public @Nullable HttpAnswer answer(IncomingRequest request) {
    String path = FormFields.path(request);
    if (!PATHS.contains(path)) {
      return null;
    }
    HttpAnswer foreign = signIn.sessions().origins().foreign(request);
    if (foreign != null) {
      return foreign;
    }
    Session session = signIn.sessions().of(request);
    if (session == null || clock.instant().isAfter(session.person().signedIn().plus(FRESH))) {
      return signIn.first(request);
    }
    return switch (request.method()) {
      case "GET" -> shown(request, path, session);
      case "POST" -> posted(request, path, session);
      default -> null;
    };
  }

  private @Nullable HttpAnswer shown(IncomingRequest request, String path, Session session) {
    Map<String, String> query = FormFields.ofQuery(request);
    if (path.equals(EXCHANGE) && query != null && query.get("id") != null) {
      return exchanges.show(query.get("id"), session);
    }
    return path.equals(PATH) ? all(session) : null;
  }

  private HttpAnswer all(Session session) {
    StrictPage page = StrictPage.titled("What waits for you");
    List<PendingExchange> own = exchanges.of(session);
    page.say(
        own.isEmpty()
            ? "No agent asks to act for you."
            : "These ask to act for you. Open one to see what it would be allowed.");
    for (PendingExchange one : own) {
      page.card().heading(one.agent().name());
      page.facts().fact("Task, in its words", one.task().id()).endFacts();
      page.link(EXCHANGE + "?id=" + one.id(), "See what it asks").endCard();
    }
    if (session.person().has(PersonRole.OPERATOR)) {
      CodePages.ask(page, session);
    }
    page.card().facts().fact("Signed in as", session.person().name());
    page.fact("At the provider", session.person().subject().issuer());
    page.fact("Which calls you", session.person().subject().id()).endFacts();
    page.form("/signin/out").hidden("token", session.token());
    return page.button("out", "out", "Sign out").endForm().endCard().answer(200);
  }

  private @Nullable HttpAnswer posted(IncomingRequest request, String path, Session session) {
    Map<String, String> form = FormFields.of(request);
    if (form == null || signIn.sessions().refusal(request, session, form.get("token")) != null) {
      return nothingDone("This page is old, or it is not one of ours.", 403);
    }
    return switch (path) {
      case EXCHANGE -> exchanges.decide(form, session);
      case CODE -> codes.answer(form, session);
      default -> null;
    };
  }

  /** What people read when something is done. */
  static HttpAnswer done(String sentence) {
    return StrictPage.titled("Done")
        .say(sentence)
        .link(PATH, "See what else waits for you")
        .answer(200);
  }

  /** What people read when something is not done. */
  static HttpAnswer nothingDone(String why, int status) {
    return StrictPage.titled("Nothing was done")
        .warn(why)
        .link(PATH, "See what waits for you")
        .answer(status);
  }
}
