package dev.taper.revocation;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Brings signed lists from a file, a URL or a database. It need not be trusted, because lists are
 * signed and numbered; the worst it can do is to bring nothing, until the list is stale.
 * Implementations keep no state of a reader and are thread-safe.
 */
public interface RevocationSource {
  /**
   * Reads a file, which must be replaced as a whole: written beside it and renamed. Each fetch
   * tells by the file's time, size and file key whether it changed. A signed list that was cut
   * while it was read is refused.
   */
  static RevocationSource file(Path file) {
    return FileSource.of(file);
  }

  /**
   * Reads a URL, with at most 512 MiB an answer, and 60 seconds.
   *
   * @throws TaperException as {@link #http(URI, long, Duration)}
   */
  static RevocationSource http(URI uri) {
    return HttpSource.of(uri);
  }

  /**
   * Reads a URL. The server is asked for what changed since the tag or the time that it gave, so
   * that an unchanged list is not sent again. Only its direct answer counts: redirects are not
   * followed. A server that sends more than the limit, or takes longer, is cut off.
   *
   * @param uri an http or https URL; lists are signed, so http cannot forge them, but shows who
   *     asks
   * @param maxBytes the most bytes of an answer
   * @param timeout the longest an answer may take, from the connection to the last byte
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for another URL, or limits below 1
   */
  static RevocationSource http(URI uri, long maxBytes, Duration timeout) {
    return HttpSource.of(uri, maxBytes, timeout);
  }

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

  /** When the certificate ends that the source's server last showed; null if it showed none. */
  default @Nullable Instant certificateEnds() {
    return null;
  }

  /**
   * Signed lists, one behind the other: a snapshot, deltas, or a snapshot and its deltas.
   *
   * @param lists their bytes, which the caller closes
   * @param version the source's name for this content, such as a time stamp or an entity tag; null
   *     if it has none
   */
  record Content(InputStream lists, @Nullable String version) {}
}
