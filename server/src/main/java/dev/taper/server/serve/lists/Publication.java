package dev.taper.server.serve.lists;

import dev.taper.ErrorCode;
import dev.taper.FailureLog;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.Workplace;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.SignedLists;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings each list to where services hear of it at once: what was added to the last ones, if they
 * only grew, and all of them otherwise. What fails is tried again with the next look. Each look
 * asks whether the server still has the last one: it may have been emptied, or a copy that lacks it
 * may have taken its place. After that, a restart or a failure, all lists are published. For one
 * thread at a time.
 */
final class Publication implements AutoCloseable {
  private static final byte[] NOTHING = {};

  private final Workplace.SharedLists lists;
  private final List<PublicKey> issuers;
  private final FailureLog failures;
  private byte[] published = NOTHING; // all that is there, as far as is known
  private long sequence; // of the last of them
  private volatile boolean isBehind;

  /** Publishes nothing yet. */
  Publication(Workplace.SharedLists lists, List<PublicKey> issuers, Clock clock) {
    this.lists = lists;
    this.issuers = issuers;
    this.failures = FailureLog.of(ListsRole.class, "publishing lists to " + lists, clock);
  }

  /**
   * Publishes what is not published yet.
   *
   * @param whole all lists, one behind the other; not to be changed
   * @param last the number of the last of them
   */
  void publish(byte[] whole, long last) {
    try {
      if (whole == published && lists.has(last)) {
        return;
      }
      if (!publishesDelta(whole, last)) {
        lists.publishSnapshot(whole, last);
      }
      published = whole;
      sequence = last;
      isBehind = false;
    } catch (RuntimeException | Error e) { // or nothing would be looked at again
      published = NOTHING; // an answer that was lost says nothing
      isBehind = true;
      failures.failed(e);
    }
  }

  /** Publishes what was added; false if all has to be published. */
  private boolean publishesDelta(byte[] whole, long last) {
    int before = published.length;
    if (before == 0
        || whole.length <= before
        || !Arrays.equals(whole, 0, before, published, 0, before)) {
      return false;
    }
    byte[] added = Arrays.copyOfRange(whole, before, whole.length);
    if (!SignedLists.read(added, issuers).headers().stream().allMatch(RevocationHeader::delta)) {
      return false;
    }
    try {
      lists.publishDelta(added, sequence, last);
      return true;
    } catch (TaperException e) {
      if (e.code() == ErrorCode.REVOCATIONS_INCOMPLETE) {
        return false; // another process published, or there are too many
      }
      throw e;
    }
  }

  /** What will not stay well, for an operator; null if services have heard of the last list. */
  @Nullable String warning() {
    return isBehind ? "the last revocation list could not be published" : null;
  }

  @Override
  public void close() {
    lists.close();
  }
}
