package dev.taper.server.serve.lists;

import dev.taper.crypto.PublicKey;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationReader;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps the bytes of signed lists while they are read: no more than the headers say that are
 * signed, of each issuer one snapshot and deltas in their order, so that a server cannot send junk,
 * a list again and again, or all that there ever were, until memory is full. Pure.
 */
final class SignedBytes {
  private SignedBytes() {}

  /**
   * Reads lists; their entries are not looked at yet.
   *
   * @throws IOException if they cannot be read, or are not a snapshot and its deltas
   * @throws dev.taper.TaperException if a header is not signed by one of the keys, or a list is cut
   */
  static byte[] read(InputStream lists, List<PublicKey> issuers) throws IOException {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    Map<PublicKey, Long> last = new HashMap<>();
    RevocationReader reader = RevocationReader.of(keeping(lists, kept), issuers);
    for (RevocationHeader next = reader.next(); next != null; next = reader.next()) {
      Long before = last.put(next.issuer(), next.sequence());
      if (before != null && (before >= next.sequence() || !next.delta())) {
        throw new IOException("the lists are not a snapshot and its deltas in their order");
      }
    }
    return kept.toByteArray();
  }

  private static InputStream keeping(InputStream lists, ByteArrayOutputStream kept) {
    return new FilterInputStream(lists) {
      @Override
      public int read() throws IOException {
        int next = in.read();
        if (next >= 0) {
          kept.write(next);
        }
        return next;
      }

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        int count = in.read(bytes, from, length);
        if (count > 0) {
          kept.write(bytes, from, count);
        }
        return count;
      }

      /** What is skipped is kept, too. */
      @Override
      public long skip(long count) throws IOException {
        byte[] passed = new byte[(int) Math.min(Math.max(0, count), 1 << 13)];
        return passed.length == 0 ? 0 : Math.max(0, read(passed, 0, passed.length));
      }
    };
  }
}
