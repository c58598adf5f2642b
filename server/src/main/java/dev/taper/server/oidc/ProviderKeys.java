package dev.taper.server.oidc;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import dev.taper.FailureLog;
import java.io.IOException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a provider, fetched by one thread at a time. Where there are keys nobody else waits
 * for that; where there are none yet, few do: a provider that answers slowly, or not at all, takes
 * no threads from those who need another one. Thread-safe.
 */
final class ProviderKeys implements JWKSource<SecurityContext> {
  /** How many wait at most for the first keys. */
  static final int AT_ONCE = 16;

  private static final Duration FRESH = Duration.ofMinutes(5);
  private static final Duration STALE = Duration.ofHours(4);
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final Duration SPAN = Duration.ofSeconds(10);
  private static final int MOST_IN_SPAN = 2;

  private final ProviderPages pages;
  private final Clock clock;
  private final FailureLog failures;
  private final ReentrantLock fetching = new ReentrantLock();
  private final Semaphore turns = new Semaphore(AT_ONCE);
  private volatile @Nullable Known known;
  private @Nullable Instant span; // guarded by fetching
  private int asked; // in the span; guarded by fetching

  /** What was fetched when; each fetch is another one. */
  private static final class Known {
    private final JWKSet keys;
    private final Instant since;

    Known(JWKSet keys, Instant since) {
      this.keys = keys;
      this.since = since;
    }
  }

  ProviderKeys(ProviderPages pages, Clock clock, FailureLog failures) {
    this.pages = pages;
    this.clock = clock;
    this.failures = failures;
  }

  private static boolean isWithin(@Nullable Instant since, Duration most, Instant now) {
    return since != null && !now.isBefore(since) && now.isBefore(since.plus(most));
  }

  /**
   * The keys that may have signed something.
   *
   * @throws KeySourceException if they cannot be had now
   */
  @Override
  public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context)
      throws KeySourceException {
    Known present = known;
    Instant now = clock.instant();
    List<JWK> found = present == null ? List.of() : selector.select(present.keys);
    if (present != null && !found.isEmpty() && isWithin(present.since, FRESH, now)) {
      return found;
    }
    Known next = fetched(present, now);
    if (next != null) {
      return selector.select(next.keys);
    }
    if (present == null || found.isEmpty() || !isWithin(present.since, FRESH.plus(STALE), now)) {
      throw new KeySourceException("the keys cannot be had now");
    }
    return found;
  }

  /** Newer keys than the present ones; null if there are none. */
  private @Nullable Known fetched(@Nullable Known present, Instant now) {
    if (present != null && isWithin(present.since, FRESH.plus(STALE), now)) {
      return fetching.tryLock() ? fetchedLocked(present) : null;
    }
    if (!turns.tryAcquire()) {
      return null;
    }
    try {
      return fetching.tryLock(WAIT.toMillis(), TimeUnit.MILLISECONDS)
          ? fetchedLocked(present)
          : null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      turns.release();
    }
  }

  private @Nullable Known fetchedLocked(@Nullable Known present) {
    try {
      Known other = known;
      if (other != null && other != present) {
        return other; // somebody else fetched them meanwhile
      }
      Instant now = clock.instant();
      if (!isWithin(span, SPAN, now)) {
        span = now;
        asked = 0;
      }
      if (++asked > MOST_IN_SPAN) {
        return null;
      }
      Known next = new Known(JWKSet.parse(pages.keys()), now);
      known = next;
      return next;
    } catch (IOException e) {
      failures.failed(e);
      return null;
    } catch (ParseException | RuntimeException e) {
      failures.failed(new IOException("what the provider publishes is no set of keys"));
      return null;
    } finally {
      fetching.unlock();
    }
  }
}
