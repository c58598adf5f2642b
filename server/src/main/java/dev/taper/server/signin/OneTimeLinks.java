package dev.taper.server.signin;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Links that open a session once. The secret stands in the fragment of a URL, which no request has
 * in it; the page takes it from there and exchanges it. Thread-safe.
 */
public final class OneTimeLinks {
  private static final int MAX_LINKS = 1024;
  private static final Duration REMEMBERED = Duration.ofHours(1);

  private final Clock clock;
  private final Map<String, Link> links = new LinkedHashMap<>(); // guarded by this

  private record Link(@Nullable SignedIn person, Instant ends) {}

  /** What became of an exchange. */
  public enum State {
    /** It was good, and is good no more. */
    OPENED,
    /** Somebody exchanged it before. */
    LINK_USED,
    /** It was not used in time. */
    LINK_ENDED,
    /** There was never such a link. */
    UNKNOWN_LINK
  }

  /**
   * An exchange.
   *
   * @param state what became of it
   * @param person for whom the link was; null if it was not opened
   */
  public record Exchange(State state, @Nullable SignedIn person) {}

  /** Makes links by a clock. */
  public OneTimeLinks(Clock clock) {
    this.clock = clock;
  }

  /**
   * Makes a link's secret.
   *
   * @param person who is signed in by it
   * @param good for how long
   * @return 43 characters of base64url, for the fragment of a URL
   */
  public synchronized String make(SignedIn person, Duration good) {
    Instant now = clock.instant();
    links.values().removeIf(link -> now.isAfter(link.ends().plus(REMEMBERED)));
    if (links.size() >= MAX_LINKS) {
      Iterator<Link> oldest = links.values().iterator();
      oldest.next();
      oldest.remove();
    }
    String secret = Secrets.next();
    links.put(Secrets.digest(secret), new Link(person, now.plus(good)));
    return secret;
  }

  /**
   * Exchanges a secret, once.
   *
   * @param secret what the page states
   */
  public synchronized Exchange exchange(String secret) {
    String digest = Secrets.digest(secret);
    Link link = links.get(digest);
    if (link == null) {
      return new Exchange(State.UNKNOWN_LINK, null);
    }
    if (link.person() == null) {
      return new Exchange(State.LINK_USED, null);
    }
    links.put(digest, new Link(null, link.ends()));
    return clock.instant().isBefore(link.ends())
        ? new Exchange(State.OPENED, link.person())
        : new Exchange(State.LINK_ENDED, null);
  }
}
