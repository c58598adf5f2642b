package dev.taper.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many denials are recorded, and counts the others: nobody can fill a log with refused
 * calls, and none is lost without a trace. A share goes by the authority block, which an issuer
 * signed: whatever is handed on from it shares it, because a holder can make any number of tokens
 * and keys. One total bounds all shares. Holds {@link #MAX_SHARES} shares at most. Thread-safe.
 */
final class DenialLimiter {
  /** How many authorities are told apart at a time; the denials of others are counted together. */
  static final int MAX_SHARES = 1024;

  /** How long denials that were left out wait at most for a record, if calls are decided. */
  static final long FLUSH_MILLIS = 60_000;

  /**
   * A rate of records.
   *
   * @param burst how many at once
   * @param millis the time in which one more is allowed after those
   */
  record Rate(int burst, long millis) {}

  /** A bucket of records, which time fills again. */
  private static final class Bucket {
    private final Rate rate;
    private double left;
    private long filled;

    Bucket(Rate rate, long now) {
      this.rate = rate;
      this.left = rate.burst();
      this.filled = now;
    }

    boolean has(long now) {
      long passed = Math.max(0, now - filled); // a clock can be set back
      left = Math.min(rate.burst(), left + passed / (double) rate.millis());
      filled = now;
      return left >= 1;
    }

    void take() {
      left--;
    }
  }

  private static final class Share {
    private final Bucket bucket;
    private long omitted;
    private @Nullable AuditEvent sample;

    Share(Bucket bucket) {
      this.bucket = bucket;
    }
  }

  private final Rate perShare;
  private final Bucket total;
  private final Map<String, Share> shares = new LinkedHashMap<>(16, 0.75f, true);
  private final Share others;
  private volatile long flushed;

  DenialLimiter(Rate perShare, Rate total, Instant now) {
    this.perShare = perShare;
    this.total = new Bucket(total, now.toEpochMilli());
    this.others = new Share(this.total);
    this.flushed = now.toEpochMilli();
  }

  /**
   * Decides whether a denial is recorded.
   *
   * @param authority the digest of the authority block
   * @param time when it was denied
   * @param brief makes the record to be kept for it, if it is left out
   * @return how many were left out before it, which its record tells; -1 if it is left out itself
   */
  synchronized long admit(String authority, Instant time, Supplier<AuditEvent> brief) {
    long now = time.toEpochMilli();
    Share share = shares.get(authority);
    if (share == null) {
      share = new Share(new Bucket(perShare, now));
      shares.put(authority, share);
      forgetEldest();
    }
    if (!share.bucket.has(now) || !total.has(now)) {
      leaveOut(share, 1, brief);
      return -1;
    }
    share.bucket.take();
    total.take();
    long omitted = share.omitted;
    share.omitted = 0;
    share.sample = null;
    return omitted;
  }

  /** Puts back what was left out, because its record could not be written. */
  synchronized void restore(String authority, long omitted, Supplier<AuditEvent> brief) {
    if (omitted > 0) {
      Share share = shares.get(authority);
      leaveOut(share == null ? others : share, omitted, brief);
    }
  }

  private static void leaveOut(Share share, long count, Supplier<AuditEvent> brief) {
    if (share.sample == null) {
      share.sample = brief.get();
    }
    share.omitted += count;
  }

  private void forgetEldest() {
    if (shares.size() > MAX_SHARES) {
      Iterator<Share> eldest = shares.values().iterator();
      Share share = eldest.next();
      eldest.remove();
      AuditEvent sample = share.sample;
      if (sample != null) {
        leaveOut(others, share.omitted, () -> sample);
      }
    }
  }

  /**
   * Records that tell of what was left out and has waited long enough: for each share the first
   * denial that was left out, with how many like it there were. They count as told.
   *
   * @param all true if nothing may be left, as the log closes
   */
  List<AuditEvent> due(Instant time, boolean all) {
    long now = time.toEpochMilli();
    long passed = now - flushed; // every decision asks, so without the lock
    return !all && passed >= 0 && passed < FLUSH_MILLIS ? List.of() : flush(now, all);
  }

  private synchronized List<AuditEvent> flush(long now, boolean all) {
    flushed = now;
    List<Share> waiting = new ArrayList<>(shares.values());
    waiting.add(others);
    List<AuditEvent> due = new ArrayList<>();
    for (Share share : waiting) {
      AuditEvent sample = share.sample;
      if (sample != null && (all || total.has(now))) {
        total.take();
        due.add(sample.omitted(share.omitted - 1));
        share.omitted = 0;
        share.sample = null;
      }
    }
    return due;
  }
}
