package dev.taper.revocation;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Brings signed lists from a file, a URL or a database. It need not be trusted, because lists are
 * signed and numbered; the worst it can do is to bring nothing, until the list is stale.
 * Implementations keep no state of a reader and are thread-safe.
 */
public interface RevocationSource {
  /**
   * Fetches lists that may be new.
   *
   * @param version the source's name for the content that was last applied; null at first, and
   *     after content that was refused
   * @param sequence the sequence number of the list so far; 0 if there is no list, so that a
   *     snapshot is needed
   * @return null if there is nothing new
   * @throws IOException if the source cannot be read now
   */
  @Nullable Content fetch(@Nullable String version, long sequence) throws IOException;

  /**
   * Signed lists, one behind the other: a snapshot, deltas, or a snapshot and its deltas.
   *
   * @param lists their bytes, which the caller closes
   * @param version the source's name for this content, such as a time stamp or an entity tag; null
   *     if it has none
   */
  record Content(InputStream lists, @Nullable String version) {}
}
