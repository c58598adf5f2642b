package dev.taper.server.console;

import dev.taper.crypto.Digests;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One-time links and the sessions that they open. A session is known by two secrets: a cookie,
 * which scripts cannot read, and a token, which the page sends in a field with everything. A cookie
 * goes to every port of this machine's address, and so a cookie alone is worth nothing; nor is the
 * token alone. Only digests are kept. Thread-safe.
 */
final class Sessions {
  /** How long a link can be opened. */
  static final Duration LINK = Duration.ofMinutes(5);

  /** How long a session lasts. */
  static final Duration SESSION = Duration.ofHours(12);

  /** How long a session lasts that nobody uses. */
  static final Duration IDLE = Duration.ofHours(2);

  private static final int MAX_LINKS = 16;
  private static final int MAX_SESSIONS = 64;
  private static final int BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Clock clock;
  private final List<Link> links = new ArrayList<>(); // guarded by this
  private final List<Session> sessions = new ArrayList<>(); // guarded by this

  /** A link, by its digest. */
  private static final class Link {
    private final byte[] digest;
    private final Instant end;
    private @Nullable Session opened;

    Link(byte[] digest, Instant end) {
      this.digest = digest;
      this.end = end;
    }
  }

  /** A session, by the digests of both secrets. */
  private static final class Session {
    private final byte[] cookie;
    private final byte[] token;
    private final Instant end;
    private Instant idleEnd;

    Session(byte[] cookie, byte[] token, Instant end, Instant idleEnd) {
      this.cookie = cookie;
      this.token = token;
      this.end = end;
      this.idleEnd = idleEnd;
    }

    boolean isOver(Instant now) {
      return !now.isBefore(end) || !now.isBefore(idleEnd);
    }
  }

  /**
   * A session that was just opened.
   *
   * @param cookie the secret of the cookie
   * @param token the secret of the page
   * @param end when it ends
   */
  record Opened(String cookie, String token, Instant end) {
    /** Nothing of the secrets. */
    @Override
    public String toString() {
      return "Opened(" + end + ")";
    }
  }

  /** Why a link opens nothing. */
  static final class LinkException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why, as a stable code. */
    LinkException(String code) {
      super(code, null, false, false);
    }
  }

  Sessions(Clock clock) {
    this.clock = clock;
  }

  /** Makes a link's secret. */
  synchronized String link() {
    if (links.size() == MAX_LINKS) {
      links.remove(0);
    }
    String secret = secret();
    links.add(new Link(digest(secret), clock.instant().plus(LINK)));
    return secret;
  }

  private static String secret() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] digest(String secret) {
    return Digests.sha256(secret.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Opens a session by a link, once. A second one who has the link is told so, because the first
   * one may have been a thief: the session that it opened is over then, too.
   *
   * @throws LinkException {@code link_used}, {@code link_ended}, {@code unknown_link}
   */
  synchronized Opened open(String secret) throws LinkException {
    byte[] digest = digest(secret);
    Link link = null;
    for (Link one : links) {
      link = MessageDigest.isEqual(one.digest, digest) ? one : link;
    }
    Instant now = clock.instant();
    if (link == null) {
      throw new LinkException("unknown_link");
    }
    if (link.opened != null) {
      sessions.remove(link.opened);
      throw new LinkException("link_used");
    }
    if (!now.isBefore(link.end)) {
      throw new LinkException("link_ended");
    }
    Opened opened = new Opened(secret(), secret(), now.plus(SESSION));
    sessions.removeIf(session -> session.isOver(now));
    if (sessions.size() == MAX_SESSIONS) {
      sessions.remove(0);
    }
    Session session =
        new Session(digest(opened.cookie), digest(opened.token), opened.end, now.plus(IDLE));
    sessions.add(session);
    link.opened = session;
    return opened;
  }

  /** When the session of both secrets ends; null if they are of none, or it has ended. */
  synchronized @Nullable Instant end(String cookie, String token) {
    Session session = find(cookie, token);
    if (session == null) {
      return null;
    }
    session.idleEnd = clock.instant().plus(IDLE);
    return session.end;
  }

  private @Nullable Session find(String cookie, String token) {
    byte[] first = digest(cookie);
    byte[] second = digest(token);
    Instant now = clock.instant();
    Session found = null;
    for (Session session : sessions) {
      boolean isIt =
          MessageDigest.isEqual(session.cookie, first)
              && MessageDigest.isEqual(session.token, second);
      found = isIt && !session.isOver(now) ? session : found;
    }
    return found;
  }

  /** Ends the session of both secrets. */
  synchronized void close(String cookie, String token) {
    Session session = find(cookie, token);
    for (Iterator<Session> all = sessions.iterator(); all.hasNext(); ) {
      if (all.next() == session) {
        all.remove();
      }
    }
  }

  /** Ends all sessions. */
  synchronized void closeAll() {
    sessions.clear();
  }
}
