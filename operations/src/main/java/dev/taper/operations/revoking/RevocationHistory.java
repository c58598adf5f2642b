package dev.taper.operations.revoking;

import dev.taper.crypto.PublicKey;
import dev.taper.operations.revoking.RevocationLookup.Listed;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationEntry.LiftedEntry;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads which of a series of signed lists revoked something first. */
final class RevocationHistory {
  private RevocationHistory() {}

  static Map<Fingerprint, Listed> read(
      InputStream lists, Collection<PublicKey> issuers, Set<Fingerprint> wanted)
      throws IOException {
    Map<Fingerprint, Listed> found = new HashMap<>();
    RevocationReader reader = RevocationReader.of(lists, issuers);
    for (RevocationHeader next = reader.next(); next != null; next = reader.next()) {
      RevocationHeader header = next;
      for (RevocationEntry entry : reader.entries()) {
        if (wanted.contains(entry.fingerprint())) {
          found.merge(entry.fingerprint(), listed(entry, header, null), RevocationHistory::first);
        }
      }
      for (LiftedEntry lifted : reader.lifted()) {
        Listed before = found.get(lifted.fingerprint());
        boolean isOwn = before == null || before.issuer().equals(header.issuer());
        boolean isAnew = before != null && before.sequence() == header.sequence();
        if (wanted.contains(lifted.fingerprint()) && isOwn && !isAnew) {
          found.put(lifted.fingerprint(), listed(lifted.entry(), header, lifted.reason()));
        }
      }
    }
    return found;
  }

  private static Listed listed(
      RevocationEntry entry, RevocationHeader header, @Nullable String lifted) {
    return new Listed(
        entry, header.issuer(), header.sequence(), header.issued(), header.delta(), lifted);
  }

  /** A later list that states it again changes nothing, unless it was lifted in between. */
  private static Listed first(Listed before, Listed again) {
    return before.lifted() == null ? before : again;
  }
}
