package dev.taper.server.signin;

import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.operations.OperationException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one process, which end with it. They are bounded in time, in number, and in
 * number of each person, whose oldest makes room. A session belongs to the browser that opened it:
 * where its cookie comes from another one, it ends for both. A person who signs in with other roles
 * than before ends the sessions that have those of before. Of a cookie the digest alone is kept.
 * Thread-safe.
 */
public final class Sessions {
  /** The name of the cookie. */
  public static final String COOKIE = "__Host-taper";

  /** The longest life of a session. */
  public static final Duration LONGEST = Duration.ofHours(12);

  private static final int MAX_SESSIONS = 4096;
  private static final int MAX_OF_PERSON = 16;

  private final Origins origins;
  private final Duration life;
  private final Duration idle;
  private final Clock clock;
  private final Map<String, Session> sessions = new LinkedHashMap<>(); // guarded by itself

  /**
   * A session that was just opened.
   *
   * @param session which
   * @param cookie the value of {@code Set-Cookie} of the answer, in which alone it stands
   */
  public record Opened(Session session, String cookie) {
    /** The session, without its cookie. */
    @Override
    public String toString() {
      return session.toString();
    }
  }

  /**
   * Keeps sessions.
   *
   * @param origins from which pages they are used
   * @param life how long one lasts, at most 12 hours
   * @param idle how long one lasts without being used
   * @param clock what time it is
   * @throws OperationException {@code usage} if they would last longer, or no time at all
   */
  public Sessions(Origins origins, Duration life, Duration idle, Clock clock) {
    if (life.compareTo(LONGEST) > 0 || !isPositive(life) || !isPositive(idle)) {
      throw OperationException.usage("a session lasts 12 hours at most");
    }
    this.origins = origins;
    this.life = life;
    this.idle = idle;
    this.clock = clock;
  }

  private static boolean isPositive(Duration time) {
    return !time.isNegative() && !time.isZero();
  }

  /** From which pages they are used. */
  public Origins origins() {
    return origins;
  }

  /**
   * Opens a session for a person who has just signed in.
   *
   * @param request from the browser that it is for
   * @return null if there are too many
   */
  public @Nullable Opened open(SignedIn person, IncomingRequest request) {
    Instant now = clock.instant();
    String secret = Secrets.next();
    Session session = new Session(person, browser(request), now, now.plus(life));
    synchronized (sessions) {
      sessions.values().removeIf(old -> isOver(old, now) || isOutdatedBy(person, old.person()));
      makeRoom(person);
      if (sessions.size() >= MAX_SESSIONS) {
        return null;
      }
      sessions.put(Secrets.digest(secret), session);
    }
    return new Opened(session, Cookies.strict(COOKIE, secret));
  }

  private static boolean isOutdatedBy(SignedIn person, SignedIn before) {
    return before.subject().equals(person.subject()) && !before.roles().equals(person.roles());
  }

  private void makeRoom(SignedIn person) {
    int count = 0;
    String oldest = null;
    for (Map.Entry<String, Session> entry : sessions.entrySet()) {
      if (entry.getValue().person().subject().equals(person.subject())) {
        oldest = oldest == null ? entry.getKey() : oldest;
        count++;
      }
    }
    if (oldest != null && count >= MAX_OF_PERSON) {
      sessions.remove(oldest);
    }
  }

  private boolean isOver(Session session, Instant now) {
    return !now.isBefore(session.ends()) || !now.isBefore(session.used().plus(idle));
  }

  private static String browser(IncomingRequest request) {
    return Secrets.digest(String.join("\n", request.field("user-agent")));
  }

  /**
   * Whose session a request belongs to. A cookie alone shows who asks and nothing else: whatever
   * acts, and whatever is answered as JSON, needs {@link #refusal} too.
   *
   * @return null if there is none, or it has ended, or the host is not ours
   */
  public @Nullable Session of(IncomingRequest request) {
    return find(request, true);
  }

  /** As {@link #of}, for what a page asks by itself: nobody uses the session by it. */
  public @Nullable Session atRest(IncomingRequest request) {
    return find(request, false);
  }

  private @Nullable Session find(IncomingRequest request, boolean isUsing) {
    String secret = Cookies.value(request, COOKIE);
    if (secret == null || secret.length() != Secrets.LENGTH || origins.of(request) == null) {
      return null;
    }
    Instant now = clock.instant();
    String digest = Secrets.digest(secret);
    synchronized (sessions) {
      Session session = sessions.get(digest);
      if (session == null) {
        return null;
      }
      if (isOver(session, now) || !session.isOf(browser(request))) {
        sessions.remove(digest);
        return null;
      }
      if (isUsing) {
        session.use(now);
      }
      return session;
    }
  }

  /**
   * Refuses a request that no page of this session made.
   *
   * @param token what the request states; null for nothing
   * @return null if it is the page's own
   */
  public @Nullable HttpAnswer refusal(
      IncomingRequest request, @Nullable Session session, @Nullable String token) {
    if (session == null) {
      return HttpAnswer.of(HttpRefusal.of(403, "no_session", "sign in first"));
    }
    if (!origins.isOurs(request)) {
      return HttpAnswer.of(HttpRefusal.of(403, "other_origin", "no page of ours asks this"));
    }
    if (token == null || !session.isToken(token)) {
      return HttpAnswer.of(
          HttpRefusal.of(403, "stale_page", "the page is of another session: load it again"));
    }
    return null;
  }

  /** Ends a session at once. */
  public void end(Session session) {
    synchronized (sessions) {
      sessions.values().remove(session);
    }
  }

  /** The value of {@code Set-Cookie} by which a browser forgets its session. */
  public static String forgotten() {
    return Cookies.none(COOKIE);
  }
}
