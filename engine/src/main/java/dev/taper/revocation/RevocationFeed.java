package dev.taper.revocation;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a list up to date from a source: in a daemon thread that fetches again and again, and
 * whenever it is told to. What cannot be fetched or is refused changes nothing; the list stays as
 * it is, until it is stale. Thread-safe.
 */
public final class RevocationFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RevocationFeed.class);

  private final RevocationSource source;
  private final RevocationList list;
  private final Object fetching = new Object();
  private @Nullable String version; // guarded by fetching
  private @Nullable PublicKey issuer; // whose lists the source brings; guarded by fetching
  private volatile @Nullable Exception failure;
  private final Duration every;
  private final Thread thread;
  private boolean closed; // guarded by this

  private RevocationFeed(RevocationSource source, RevocationList list, Duration every) {
    this.source = source;
    this.list = list;
    this.every = every;
    this.thread = new Thread(this::run, "taper-revocations");
    thread.setDaemon(true);
  }

  /**
   * Fetches once, before it returns, and then again and again.
   *
   * @param source where signed lists come from
   * @param list the list to keep up to date
   * @param every how long to wait between two fetches
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if that is less than a millisecond
   */
  public static RevocationFeed start(RevocationSource source, RevocationList list, Duration every) {
    Given.that(source, "the source of revocation lists");
    Given.that(list, "the revocation list of a feed");
    if (Given.that(every, "the time between two fetches").toMillis() < 1) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a feed waits a millisecond at least, not " + every);
    }
    RevocationFeed feed = new RevocationFeed(source, list, every);
    feed.refresh();
    feed.thread.start();
    return feed;
  }

  private void run() {
    while (waited()) {
      refresh();
    }
  }

  /** False once it is closed. */
  private synchronized boolean waited() {
    long end = System.nanoTime() + every.toNanos();
    try {
      for (long left = every.toNanos(); !closed && left > 0; left = end - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
      return !closed;
    } catch (InterruptedException e) {
      return false;
    }
  }

  /**
   * Fetches now, in this thread, for who learns by other means that there is something new.
   *
   * @return false if the source could not be read, or what it brought was refused; see {@link
   *     #failure}
   */
  public boolean refresh() {
    synchronized (fetching) {
      try {
        fetch();
        failure = null;
        return true;
      } catch (IOException | RuntimeException e) {
        version = null; // what was refused is looked at again
        report(e);
        return false;
      }
    }
  }

  private void fetch() throws IOException {
    PublicKey known = issuer;
    RevocationHeader latest = known == null ? null : list.latest(known);
    RevocationSource.Content content =
        source.fetch(version, latest == null ? 0 : latest.sequence());
    if (content == null) {
      return;
    }
    try (InputStream lists = content.lists()) {
      issuer = list.take(lists).issuer();
    }
    version = content.version();
  }

  /** Says it once, not at every fetch, until it is another. */
  private void report(Exception e) {
    Exception before = failure;
    failure = e;
    if (before == null || !String.valueOf(before.getMessage()).equals(e.getMessage())) {
      LOG.warn("revocation list from {} not taken: {}", source, e.getMessage());
    }
  }

  /** Why the last fetch failed; null if it did not. */
  public @Nullable Exception failure() {
    return failure;
  }

  /** The thread, for tests. */
  Thread thread() {
    return thread;
  }

  /** Fetches no more. The list stays as it is, until it is stale. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    thread.interrupt();
  }
}
