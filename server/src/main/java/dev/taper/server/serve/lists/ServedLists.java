package dev.taper.server.serve.lists;

import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationReader;
import dev.taper.server.listener.LargeAnswer;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Verified lists that many fetch, in a private file if they are large. The file is freed when
 * nobody uses them any more: other lists are served instead, and the last answer with these is
 * sent. Thread-safe.
 */
final class ServedLists {
  private final RevocationReader.Copy copy;
  private final RevocationHeader latest;
  private final EntityTag tag;
  private int users = 1; // guarded by this

  /**
   * Serves a copy, which is closed with the last {@link #release}; the caller has one.
   *
   * @throws IOException if there is no list in it
   */
  ServedLists(RevocationReader.Copy copy) throws IOException {
    RevocationHeader last = copy.latest();
    if (last == null) {
      throw new IOException("there is no list");
    }
    this.copy = copy;
    this.latest = last;
    this.tag = EntityTag.of(copy.sha256());
  }

  /** The lists, for who uses them. */
  RevocationReader.Copy copy() {
    return copy;
  }

  /** The header of the last list. */
  RevocationHeader latest() {
    return latest;
  }

  /** The tag. */
  EntityTag tag() {
    return tag;
  }

  /** The answer with all of them; null if nobody uses them any more. */
  synchronized @Nullable LargeAnswer answer() {
    if (users == 0) {
      return null;
    }
    retain();
    Map<String, String> fields = tag.fields("application/octet-stream");
    return new LargeAnswer(200, fields, copy.content(), this::release);
  }

  /** Adds a user; there must be one. */
  synchronized void retain() {
    users++;
  }

  /** Ends the use by one user. */
  synchronized void release() {
    users--;
    if (users == 0) {
      copy.close();
    }
  }
}
