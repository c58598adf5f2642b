package dev.taper.revocation;

import dev.taper.ErrorCode;
import dev.taper.FailureLog;
import dev.taper.Given;
import dev.taper.RepeatedTask;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a list up to date from a source. A daemon thread fetches again and again, and whenever it
 * is told to. A fetch that fails or is refused changes nothing; the list stays as it is, until it
 * is stale. Thread-safe.
 */
public final class RevocationFeed implements AutoCloseable {
  /** How long {@link #start} waits for the first fetch. */
  public static final Duration FIRST_WAIT = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(RevocationFeed.class);

  private final RevocationSource source;
  private final RevocationList list;
  private final Object fetching = new Object();
  private @Nullable String version; // guarded by fetching
  private @Nullable PublicKey issuer; // whose lists the source brings; guarded by fetching
  private volatile @Nullable Exception failure;
  private final FailureLog failures;
  private final CountDownLatch first = new CountDownLatch(1);
  private volatile @Nullable RepeatedTask fetches;

  private RevocationFeed(RevocationSource source, RevocationList list) {
    this.source = source;
    this.list = list;
    this.failures =
        FailureLog.of(RevocationFeed.class, "revocation list from " + source, list.clock());
  }

  /**
   * Fetches at once, and then again and again. It waits for the first fetch, but no longer than
   * {@link #FIRST_WAIT}: a source that hangs does not keep a service from starting, but its calls
   * are denied until there is a list.
   *
   * @param source where signed lists come from
   * @param list the list to keep up to date
   * @param every how long to wait between two fetches
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the wait is less than a
   *     millisecond
   */
  public static RevocationFeed start(RevocationSource source, RevocationList list, Duration every) {
    return start(source, list, every, FIRST_WAIT);
  }

  /**
   * Starts as {@link #start(RevocationSource, RevocationList, Duration)} does, with another wait.
   *
   * @param firstWait the longest wait for the first fetch; with zero it does not wait
   */
  public static RevocationFeed start(
      RevocationSource source, RevocationList list, Duration every, Duration firstWait) {
    Given.that(source, "the source of revocation lists");
    Given.that(list, "the revocation list of a feed");
    if (Given.that(every, "the time between two fetches").toMillis() < 1) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a feed waits a millisecond at least, not " + every);
    }
    RevocationFeed feed = new RevocationFeed(source, list);
    feed.fetches = RepeatedTask.start("taper-revocations", every, feed.failures, feed::run);
    try {
      if (!feed.first.await(firstWait.toNanos(), TimeUnit.NANOSECONDS)) {
        LOG.warn("revocation list from {} is not there yet; calls are refused until it is", source);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the feed is started all the same
    }
    return feed;
  }

  private void run() {
    try {
      boolean unused = refresh();
    } finally {
      first.countDown();
    }
  }

  /**
   * Fetches now, in this thread, for a caller that learned by other means of something new.
   *
   * @return false if the source could not be read, or what it brought was refused; see {@link
   *     #failure}
   */
  public boolean refresh() {
    synchronized (fetching) {
      @Nullable Exception why = new IOException("it cannot be read");
      try {
        fetch();
        why = null;
      } catch (IOException | RuntimeException e) {
        why = e;
      } finally {
        fetched(why);
      }
      return why == null;
    }
  }

  private void fetch() throws IOException {
    PublicKey known = issuer;
    boolean lost = list.isLost(known); // then all of it is needed again
    RevocationHeader latest = known == null || lost ? null : list.latest(known);
    RevocationSource.Content content =
        source.fetch(lost ? null : version, latest == null ? 0 : latest.sequence());
    if (content == null) {
      return;
    }
    try (InputStream lists = content.lists()) {
      issuer = list.take(lists).issuer();
    }
    version = content.version();
  }

  private void fetched(@Nullable Exception why) {
    failure = why;
    if (why != null) {
      version = null; // what was refused is looked at again
      failures.failed(why);
    }
    FailureLog.Failure last = why == null ? null : failures.last();
    list.fetched(String.valueOf(source), last, source.certificateEnds());
  }

  /** Why the last fetch failed; null if it did not. */
  public @Nullable Exception failure() {
    return failure;
  }

  /** Stops fetching. The list stays as it is, until it is stale. */
  @Override
  public void close() {
    RepeatedTask task = fetches;
    if (task != null) {
      task.close();
    }
  }
}
