package dev.taper.server.console;

import dev.taper.JsonFields;
import dev.taper.JsonMembers;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import dev.taper.server.console.Sessions.LinkException;
import dev.taper.server.console.page.PageFields;
import dev.taper.server.console.page.PageFiles;
import dev.taper.server.console.view.ViewRequest;
import dev.taper.server.console.view.Views;
import dev.taper.server.listener.Endpoint;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers one browser at one origin of this machine. What another page, another port or another
 * name for this address sends is refused; without both secrets of a session nothing is told.
 * Thread-safe.
 */
final class ConsoleHost implements Endpoint {
  /** The most bytes of what has a one-time link: anyone may send it. */
  static final int MAX_LINK_BYTES = 512;

  private static final String API = "/api/";
  private static final String SESSION = "session";

  /** The field in which the page sends its token. */
  private static final String TOKEN = "Taper-Session";

  /** A worker that takes itself away. */
  private static final String GONE =
      """
      addEventListener("install", () => skipWaiting());
      addEventListener("activate", (event) => event.waitUntil(registration.unregister()));
      """;

  private final PageFiles files;
  private final Sessions sessions;
  private final Views views;
  private final Function<Instant, JsonFields> info;
  private final Runnable foreign;
  private volatile @Nullable String authority;

  /**
   * Answers.
   *
   * @param info says what a session is about that ends at a time
   * @param foreign hears of a worker that is not the console's
   */
  ConsoleHost(
      PageFiles files,
      Sessions sessions,
      Views views,
      Function<Instant, JsonFields> info,
      Runnable foreign) {
    this.files = files;
    this.sessions = sessions;
    this.views = views;
    this.info = info;
    this.foreign = foreign;
  }

  /** Says where it listens: nothing is answered before. */
  void listensAt(String newAuthority) {
    authority = newAuthority;
  }

  @Override
  public String role() {
    return "console";
  }

  @Override
  public HttpAnswer answer(IncomingRequest request) {
    HttpAnswer answer;
    try {
      answer = answered(request);
    } catch (RefusedException e) {
      answer = HttpAnswer.of(e.refusal());
    }
    return PageFields.strict(answer);
  }

  private HttpAnswer answered(IncomingRequest request) throws RefusedException {
    requireOwn(request);
    String target = request.target();
    if ("script".equals(single(request, "service-worker"))) {
      requireFromPage(request);
      return foreignWorker();
    }
    if (!target.startsWith(API)) {
      HttpAnswer file = request.method().equals("GET") ? files.get(target) : null;
      return file == null
          ? HttpAnswer.of(HttpRefusal.of(404, "unknown_path", "there is nothing at this path"))
          : file;
    }
    requireFromPage(request);
    ViewRequest question = Objects.requireNonNull(ViewRequest.of(request, API));
    if (question.is("POST", SESSION)) {
      return opened(question.content(MAX_LINK_BYTES));
    }
    String cookie = cookie(request);
    String token = single(request, TOKEN);
    Instant end = cookie == null || token == null ? null : sessions.end(cookie, token);
    if (end == null || cookie == null || token == null) {
      throw new RefusedException(401, "no_session", "open the link that taper console prints");
    }
    if (question.is("GET", SESSION)) {
      return HttpAnswer.json(200, info.apply(end));
    }
    if (question.is("DELETE", SESSION)) {
      sessions.close(cookie, token);
      return new HttpAnswer(204, Map.of("Set-Cookie", setCookie("", 0)), new byte[0]);
    }
    return views.answer(question);
  }

  /**
   * A browser looks whether a service worker has changed, and this console has none: another
   * program left it here, and it may answer in our place. Whoever is signed in no longer is, and
   * the worker is replaced by one that takes itself away.
   */
  private HttpAnswer foreignWorker() {
    sessions.closeAll();
    foreign.run();
    return new HttpAnswer(
        200,
        Map.of("Content-Type", "text/javascript;charset=utf-8"),
        GONE.getBytes(StandardCharsets.UTF_8));
  }

  /** A page that a name of its own leads here would be another origin, with our answers. */
  private void requireOwn(IncomingRequest request) throws RefusedException {
    String own = authority;
    if (own == null) {
      throw new RefusedException(503, "unavailable", null);
    }
    if (!own.equals(single(request, "host"))) {
      throw new RefusedException(421, "other_host", "this console is at http://" + own);
    }
  }

  /** Data is for our own page: browsers say where a request comes from, and scripts cannot. */
  private void requireFromPage(IncomingRequest request) throws RefusedException {
    String site = single(request, "sec-fetch-site");
    String origin = single(request, "origin");
    boolean isReading = request.method().equals("GET");
    boolean isOurs = origin == null ? isReading : origin.equals("http://" + authority);
    boolean isSame = site == null || site.equals("same-origin");
    if (!isOurs || !isSame) {
      throw new RefusedException(403, "other_origin", "another page asks");
    }
  }

  private static @Nullable String single(IncomingRequest request, String name)
      throws RefusedException {
    List<String> values = request.field(name);
    if (values.size() > 1) {
      throw new RefusedException(400, "invalid_request", "the field " + name + " is there twice");
    }
    return values.isEmpty() ? null : values.get(0);
  }

  private HttpAnswer opened(JsonMembers<RefusedException> content) throws RefusedException {
    String link = content.text("link");
    content.end();
    try {
      Sessions.Opened opened = sessions.open(link);
      // All that the page asks of a session next, in one answer.
      JsonFields all =
          new JsonFields().put("token", opened.token()).putAll(info.apply(opened.end()));
      return HttpAnswer.json(200, all)
          .with("Set-Cookie", setCookie(opened.cookie(), Sessions.SESSION.toSeconds()));
    } catch (LinkException e) {
      throw new RefusedException(401, String.valueOf(e.getMessage()), null);
    }
  }

  /** A name of its own for each port: cookies do not know ports. */
  private String cookieName() {
    String own = String.valueOf(authority);
    return "taper-console-" + own.substring(own.lastIndexOf(':') + 1);
  }

  private String setCookie(String value, long seconds) {
    return cookieName() + "=" + value + "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + seconds;
  }

  private @Nullable String cookie(IncomingRequest request) {
    List<String> found = new ArrayList<>();
    for (String field : request.field("cookie")) {
      for (String pair : field.split(";", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0 && pair.substring(0, equals).strip().equals(cookieName())) {
          found.add(pair.substring(equals + 1).strip());
        }
      }
    }
    return Set.copyOf(found).size() == 1 ? found.get(0) : null;
  }
}
