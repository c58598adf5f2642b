package dev.taper.server.serve.lists;

import dev.taper.ErrorCode;
import dev.taper.FailureLog;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.Workplace;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.SignedLists;
import java.nio.ByteBuffer;
import java.time.Clock;
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
  /** The part of the heap that what is published may take. */
  private static final int HEAP_SHARE = 4;

  private final Workplace.SharedLists lists;
  private final List<PublicKey> issuers;
  private final FailureLog failures;
  private @Nullable ServedLists published; // all that is there, as far as is known
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
   * @param all the lists that are served
   */
  void publish(ServedLists all) {
    long last = all.latest().sequence();
    try {
      if (all == published && lists.has(last)) {
        return;
      }
      if (!publishesDelta(all, last)) {
        lists.publishSnapshot(bytes(all.copy().content()), last);
      }
      become(all);
      isBehind = false;
    } catch (RuntimeException e) {
      become(null); // an answer that was lost says nothing
      isBehind = true;
      failures.failed(e);
    }
  }

  private void become(@Nullable ServedLists now) {
    if (now != null) {
      now.retain();
    }
    if (published != null) {
      published.release();
    }
    published = now;
  }

  /** Publishes what was added; false if all has to be published. */
  private boolean publishesDelta(ServedLists all, long last) {
    ServedLists past = published;
    if (past == null || past == all) {
      return false;
    }
    ByteBuffer before = past.copy().content();
    ByteBuffer whole = all.copy().content();
    if (whole.limit() <= before.limit() || !whole.slice(0, before.limit()).equals(before)) {
      return false;
    }
    byte[] added = bytes(whole.position(before.limit()));
    if (!SignedLists.read(added, issuers).headers().stream().allMatch(RevocationHeader::delta)) {
      return false;
    }
    try {
      lists.publishDelta(added, past.latest().sequence(), last);
      return true;
    } catch (TaperException e) {
      if (e.code() == ErrorCode.REVOCATIONS_INCOMPLETE) {
        return false; // another process published, or there are too many
      }
      throw e;
    }
  }

  /** A server takes lists as a whole; they must fit on the heap beside all else. */
  private static byte[] bytes(ByteBuffer content) {
    long room = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
    if (content.remaining() > room) {
      throw new TaperException(
          ErrorCode.REVOCATIONS_TOO_LARGE,
          "lists of "
              + content.remaining()
              + " bytes cannot be published with this heap, which has room for "
              + room
              + ": services must fetch them from here");
    }
    byte[] bytes = new byte[content.remaining()];
    content.get(bytes);
    return bytes;
  }

  /** What will not stay well, for an operator; null if services have heard of the last list. */
  @Nullable String warning() {
    return isBehind ? "the last revocation list could not be published" : null;
  }

  @Override
  public void close() {
    become(null);
    lists.close();
  }
}
