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
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads which of a series of signed lists revoked something first, and until when it counts. What
 * one issuer lifts or lets end says nothing of what another revoked.
 */
final class RevocationHistory {
  private final Set<Fingerprint> wanted;
  private final Map<Fingerprint, Map<PublicKey, Listed>> found = new HashMap<>();

  private RevocationHistory(Set<Fingerprint> wanted) {
    this.wanted = wanted;
  }

  static Map<Fingerprint, Listed> read(
      InputStream lists, Collection<PublicKey> issuers, Set<Fingerprint> wanted)
      throws IOException {
    RevocationHistory history = new RevocationHistory(wanted);
    RevocationReader reader = RevocationReader.of(lists, issuers);
    for (RevocationHeader next = reader.next(); next != null; next = reader.next()) {
      List<RevocationEntry> entries = reader.entries();
      history.take(next, entries, reader.lifted());
    }
    Map<Fingerprint, Listed> strongest = new HashMap<>();
    history.found.forEach(
        (fingerprint, each) ->
            strongest.put(
                fingerprint, each.values().stream().reduce(RevocationHistory::stronger).get()));
    return strongest;
  }

  /** What a list lifts comes before what it revokes. */
  private void take(
      RevocationHeader header, List<RevocationEntry> entries, List<LiftedEntry> lifted) {
    for (LiftedEntry each : lifted) {
      if (wanted.contains(each.fingerprint())) {
        of(each.fingerprint()).put(header.issuer(), listed(each.entry(), header, each.reason()));
      }
    }
    for (RevocationEntry entry : entries) {
      if (wanted.contains(entry.fingerprint())) {
        of(entry.fingerprint())
            .merge(header.issuer(), listed(entry, header, null), RevocationHistory::again);
      }
    }
  }

  private Map<PublicKey, Listed> of(Fingerprint fingerprint) {
    return found.computeIfAbsent(fingerprint, any -> new LinkedHashMap<>());
  }

  private static Listed listed(
      RevocationEntry entry, RevocationHeader header, @Nullable String lifted) {
    return new Listed(
        entry, header.issuer(), header.sequence(), header.issued(), header.delta(), lifted);
  }

  /** A later list that states it again changes its end alone, unless it was lifted in between. */
  private static Listed again(Listed before, Listed again) {
    if (before.lifted() != null) {
      return again;
    }
    return isLonger(again.entry(), before.entry())
        ? new Listed(
            again.entry(),
            before.issuer(),
            before.sequence(),
            before.issued(),
            before.isExact(),
            null)
        : before;
  }

  /** Of what two issuers say: what was not lifted, and of that what counts for longer. */
  private static Listed stronger(Listed one, Listed other) {
    if ((one.lifted() == null) != (other.lifted() == null)) {
      return one.lifted() == null ? one : other;
    }
    if (isLonger(one.entry(), other.entry()) || isLonger(other.entry(), one.entry())) {
      return isLonger(one.entry(), other.entry()) ? one : other;
    }
    return other.issued().isBefore(one.issued()) ? other : one;
  }

  private static boolean isLonger(RevocationEntry one, RevocationEntry other) {
    Instant end = other.until();
    return end != null && (one.until() == null || one.until().isAfter(end));
  }
}
