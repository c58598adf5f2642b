package dev.taper.revocation;

import dev.taper.crypto.PublicKey;
import dev.taper.revocation.RevocationEntry.LiftedEntry;
import dev.taper.revocation.RevocationHeader.Validity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what signed lists, one behind the other, say together: what each issuer has revoked, and
 * which of that it has lifted. This is for issuing and showing lists; verifiers use {@link
 * RevocationList}. Immutable and thread-safe.
 */
public final class SignedLists {
  /** The content of no list. */
  public static final SignedLists NONE = new SignedLists(List.of(), Map.of());

  private final List<RevocationHeader> headers;
  private final Map<PublicKey, State> byIssuer;

  private static final class State {
    private final Map<Fingerprint, RevocationEntry> entries = new LinkedHashMap<>();
    private final Map<Fingerprint, LiftedEntry> lifted = new LinkedHashMap<>();

    void add(RevocationHeader header, RevocationReader reader) throws IOException {
      List<RevocationEntry> added = reader.entries();
      if (!header.delta()) {
        entries.clear();
        lifted.clear();
      }
      for (LiftedEntry each : reader.lifted()) {
        entries.remove(each.fingerprint());
        lifted.put(each.fingerprint(), each);
      }
      for (RevocationEntry each : added) {
        lifted.remove(each.fingerprint()); // it is revoked anew
        entries.merge(each.fingerprint(), each, RevocationEntry::later);
      }
    }
  }

  private SignedLists(List<RevocationHeader> headers, Map<PublicKey, State> byIssuer) {
    this.headers = headers;
    this.byIssuer = byIssuer;
  }

  /**
   * Reads lists.
   *
   * @param lists snapshots and deltas, one behind the other; read to the end, and not closed
   * @param issuers whose signatures count
   * @throws IOException if they cannot be read
   * @throws dev.taper.TaperException if they are not lists signed by one of the keys, as {@link
   *     RevocationReader#next} and {@link RevocationReader#entries}
   */
  public static SignedLists read(InputStream lists, Collection<PublicKey> issuers)
      throws IOException {
    List<RevocationHeader> headers = new ArrayList<>();
    Map<PublicKey, State> byIssuer = new LinkedHashMap<>();
    RevocationReader reader = RevocationReader.of(lists, issuers);
    for (RevocationHeader next = reader.next(); next != null; next = reader.next()) {
      byIssuer.computeIfAbsent(next.issuer(), issuer -> new State()).add(next, reader);
      headers.add(next);
    }
    return new SignedLists(List.copyOf(headers), byIssuer);
  }

  /**
   * Reads lists.
   *
   * @throws dev.taper.TaperException as {@link #read(InputStream, Collection)}
   */
  public static SignedLists read(byte[] lists, Collection<PublicKey> issuers) {
    try {
      return read(new ByteArrayInputStream(lists), issuers);
    } catch (IOException e) {
      throw new UncheckedIOException("an array cannot fail to be read", e);
    }
  }

  /** All headers, in the order of the lists. */
  public List<RevocationHeader> headers() {
    return headers;
  }

  /** The header of the last list; null if there is none. */
  public @Nullable RevocationHeader latest() {
    return headers.isEmpty() ? null : headers.get(headers.size() - 1);
  }

  /** The number of the last list; 0 if there is none. */
  public long sequence() {
    RevocationHeader latest = latest();
    return latest == null ? 0 : latest.sequence();
  }

  /** All that any issuer has revoked, ended entries too, the oldest first. */
  public List<RevocationEntry> entries() {
    List<RevocationEntry> all = new ArrayList<>();
    byIssuer.values().forEach(state -> all.addAll(state.entries.values()));
    return all;
  }

  /** All that any issuer has lifted and not revoked anew, the oldest first. */
  public List<LiftedEntry> lifted() {
    List<LiftedEntry> all = new ArrayList<>();
    byIssuer.values().forEach(state -> all.addAll(state.lifted.values()));
    return all;
  }

  /** Finds the entry for one thing, by any issuer; null if there is none. */
  public @Nullable RevocationEntry entry(Fingerprint fingerprint) {
    RevocationEntry found = null;
    for (State state : byIssuer.values()) {
      RevocationEntry entry = state.entries.get(fingerprint);
      if (entry != null) {
        found = found == null ? entry : RevocationEntry.later(found, entry);
      }
    }
    return found;
  }

  /**
   * Makes the next snapshot of all that is revoked. It leaves out only entries that ended more than
   * a day ago, because verifiers whose clocks are behind may still look for later ones.
   *
   * @param issuer who signs; lists of other issuers are left out
   * @param sequence its number
   * @param more what else is revoked
   * @param lifted what is lifted now
   * @param validity how long it can be relied on
   */
  public byte[] snapshot(
      RevocationIssuer issuer,
      long sequence,
      Collection<RevocationEntry> more,
      Collection<LiftedEntry> lifted,
      Validity validity) {
    Instant kept = validity.issued().minus(RevocationList.KEPT_AFTER_END);
    State own = byIssuer.getOrDefault(issuer.publicKey(), new State());
    Map<Fingerprint, RevocationEntry> entries = new LinkedHashMap<>(own.entries);
    Map<Fingerprint, LiftedEntry> allLifted = new LinkedHashMap<>(own.lifted);
    for (LiftedEntry each : lifted) {
      entries.remove(each.fingerprint());
      allLifted.put(each.fingerprint(), each);
    }
    for (RevocationEntry each : more) {
      allLifted.remove(each.fingerprint());
      entries.merge(each.fingerprint(), each, RevocationEntry::later);
    }
    entries.values().removeIf(entry -> endedBefore(entry.until(), kept));
    allLifted.values().removeIf(entry -> endedBefore(entry.until(), kept));
    return issuer.snapshot(
        sequence, List.copyOf(entries.values()), List.copyOf(allLifted.values()), validity);
  }

  private static boolean endedBefore(@Nullable Instant until, Instant time) {
    return until != null && until.isBefore(time);
  }
}
