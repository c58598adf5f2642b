package dev.taper.server.console.people;

import dev.taper.JsonFields;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import dev.taper.server.console.page.PageFields;
import dev.taper.server.console.page.PageFiles;
import dev.taper.server.console.view.ViewRequest;
import dev.taper.server.console.view.Views;
import dev.taper.server.listener.Endpoint;
import dev.taper.server.signin.PersonRole;
import dev.taper.server.signin.Session;
import dev.taper.server.signin.Sessions;
import java.time.Clock;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Serves the console's pages to people who signed in. Each question is looked at: whose session it
 * is, whether our own page asks, and whether the person's roles give the right to it. Nobody
 * approves here: what these pages show comes from this machine, and so do they. Thread-safe.
 */
public final class PeopleHost implements Endpoint {
  private static final String API = "/api/";
  private static final String SESSION = "session";

  /** The field in which a page sends its session's token. */
  private static final String TOKEN = "Taper-Session";

  /** Where a console on one's own machine is, unless it is told another address. */
  private static final String OWN = "http://127.0.0.1:8480";

  private final PageFiles files = PageFiles.loadForPeople();
  private final SignedInPeople people;
  private final Views views;
  private final Shown shown;
  private final Clock clock;

  /**
   * What the pages can show and do here.
   *
   * @param pages the pages for which there is data
   * @param offered what can be done, by whoever has the role
   * @param instance changes with each start
   * @param isRelaying whether consoles on approvers' own machines are answered
   */
  public record Shown(List<String> pages, Set<Act> offered, String instance, boolean isRelaying) {
    /** Copies the collections. */
    public Shown {
      pages = List.copyOf(pages);
      offered = Set.copyOf(offered);
    }
  }

  /**
   * Serves.
   *
   * @param people who signed in, and what they are called
   * @param views answers what somebody may ask
   * @param shown what there is
   * @param clock what time it is
   */
  public PeopleHost(SignedInPeople people, Views views, Shown shown, Clock clock) {
    this.people = people;
    this.views = views;
    this.shown = shown;
    this.clock = clock;
  }

  @Override
  public String role() {
    return "console";
  }

  @Override
  public @Nullable HttpAnswer answer(IncomingRequest request) {
    boolean isApi = request.target().startsWith(API);
    HttpAnswer file = isApi || !isRead(request) ? null : files.get(request.target());
    if (!isApi && file == null) {
      return null;
    }
    HttpAnswer answer = people.sessions().origins().foreign(request);
    if (answer == null) {
      try {
        answer = file == null ? answered(request) : file;
      } catch (RefusedException e) {
        answer = HttpAnswer.of(e.refusal());
      }
    }
    return PageFields.strict(answer);
  }

  private static boolean isRead(IncomingRequest request) {
    return request.method().equals("GET");
  }

  private HttpAnswer answered(IncomingRequest request) throws RefusedException {
    Sessions sessions = people.sessions();
    ViewRequest question = Objects.requireNonNull(ViewRequest.of(request, API));
    // A page asks for its pulse by itself: a person who went away is gone all the same.
    boolean isAtRest = question.is("GET", "pulse");
    Session session = isAtRest ? sessions.atRest(request) : sessions.of(request);
    if (session == null) {
      throw new RefusedException(401, "no_session", "sign in first");
    }
    String token = token(request);
    boolean isOpening = question.is("GET", SESSION) && token == null;
    if (!isOpening) {
      HttpAnswer refusal = sessions.refusal(request, session, token);
      if (refusal != null) {
        return refusal;
      }
    } else if (!sessions.origins().isOurs(request)) {
      throw new RefusedException(403, "other_origin", "no page of ours asks this");
    }
    if (question.is("DELETE", SESSION)) {
      sessions.end(session);
      return new HttpAnswer(204, Map.of("Set-Cookie", Sessions.forgotten()), new byte[0]);
    }
    if (question.is("GET", SESSION)) {
      return HttpAnswer.json(200, fields(session, isOpening, origin(request)));
    }
    return views.answer(allowed(question, session));
  }

  private static @Nullable String token(IncomingRequest request) throws RefusedException {
    List<String> values = request.field(TOKEN);
    if (values.size() > 1) {
      throw new RefusedException(400, "invalid_request", "the field " + TOKEN + " is there twice");
    }
    return values.isEmpty() ? null : values.get(0);
  }

  private String origin(IncomingRequest request) {
    return String.valueOf(people.sessions().origins().of(request));
  }

  /**
   * The question, if the person has the right to it, and by the person's name if it does something.
   */
  private ViewRequest allowed(ViewRequest question, Session session) throws RefusedException {
    Set<PersonRole> roles = session.person().roles();
    if (roles.isEmpty()) {
      throw new RefusedException(403, "no_role", "you have no role at this console");
    }
    Rights.Right right = Rights.to(question);
    if (right == null) {
      throw new RefusedException(404, "unknown_path", "there is nothing at this path");
    }
    if (!right.has(roles)) {
      throw new RefusedException(403, "other_role", "this is for the " + names(right.roles()));
    }
    Act act = right.act();
    if (act == null) {
      return question;
    }
    if (!shown.offered().contains(act)) {
      throw new RefusedException(
          403, "not_offered", "this console was started without what this takes");
    }
    String name = people.name(session);
    if (name == null) {
      throw new RefusedException(
          403, "no_name", "you have no name here by which this could be recorded");
    }
    return question.by(name);
  }

  private static String names(Collection<PersonRole> roles) {
    return String.join(" or ", roles.stream().map(PersonRole::text).toList());
  }

  private JsonFields fields(Session session, boolean isOpening, String origin) {
    String name = people.name(session);
    Set<PersonRole> roles = session.person().roles();
    return new JsonFields()
        .putIfPresent("token", isOpening ? session.token() : null)
        .put("ends_at", session.ends().toEpochMilli())
        .put("now", clock.millis())
        .put("instance", shown.instance())
        .put("mode", "people")
        .put("origin", origin)
        .put("own", OWN)
        .put("shown_as", session.person().name())
        .putIfPresent("person", name)
        .put("roles", roles.stream().map(PersonRole::text).toList())
        .put("pages", Rights.pages(shown.pages(), roles))
        .put("can", can(name, roles).stream().map(Act::text).toList())
        .put("relays", shown.isRelaying());
  }

  private Set<Act> can(@Nullable String name, Set<PersonRole> roles) {
    Set<Act> can = Rights.acts(roles);
    can.retainAll(name == null ? EnumSet.noneOf(Act.class) : shown.offered());
    return can;
  }
}
