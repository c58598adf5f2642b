package dev.taper.revocation;

import dev.taper.WholeFile;
import dev.taper.crypto.PublicKey;
import dev.taper.revocation.RevocationEntry.LiftedEntry;
import dev.taper.revocation.RevocationHeader.Validity;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the lists of one issuer say together, for the issuer itself. Large lists are in private
 * files; what was lifted is on the heap, with its reasons. For one thread.
 */
final class OwnLists implements AutoCloseable {
  private static final RunStorage STORAGE = RunStorage.DEFAULT;

  private final Map<Fingerprint, LiftedEntry> lifted = new LinkedHashMap<>();
  private @Nullable ListState state;

  private OwnLists() {}

  /** No list. */
  static OwnLists none() {
    return new OwnLists();
  }

  /**
   * Reads lists.
   *
   * @throws IOException if they cannot be read
   * @throws dev.taper.TaperException if they are not lists signed by the key, as {@link
   *     RevocationReader#next} and {@link RevocationReader#entries}
   */
  static OwnLists read(InputStream lists, PublicKey issuer) throws IOException {
    OwnLists read = new OwnLists();
    try {
      RevocationReader reader = RevocationReader.of(lists, List.of(issuer));
      for (RevocationHeader next = reader.next(); next != null; next = reader.next()) {
        read.add(next, reader);
      }
      return read;
    } catch (IOException | RuntimeException e) {
      read.close();
      throw e;
    }
  }

  private void add(RevocationHeader header, RevocationReader reader) throws IOException {
    ListState before = state;
    if (before == null || !header.delta()) {
      lifted.clear();
      ListState.Layer layer = reader.layer(STORAGE, this::lift);
      layer.lifted().close();
      become(ListState.ofSnapshot(header, layer.entries()));
    } else {
      become(before.plus(header, reader.layer(STORAGE, this::lift)));
      become(before().compact(0, STORAGE));
    }
  }

  private void lift(LiftedEntry entry) {
    lifted.put(entry.fingerprint(), entry);
  }

  private ListState before() {
    ListState present = state;
    if (present == null) {
      throw new IllegalStateException("no list was read");
    }
    return present;
  }

  private void become(ListState next) {
    ListState before = state;
    state = next;
    if (before != null) {
      before.closeBut(next);
    }
  }

  /** The header of the last list; null if there is none. */
  @Nullable RevocationHeader latest() {
    return state == null ? null : state.latest();
  }

  /** The number of the last list; 0 if there is none. */
  long sequence() {
    return state == null ? 0 : state.latest().sequence();
  }

  /** Finds the entry for one thing; null if it is not revoked. */
  @Nullable RevocationEntry entry(Fingerprint fingerprint) {
    return state == null ? null : state.entry(fingerprint);
  }

  /**
   * Makes the next snapshot of all that is revoked, as {@link SignedLists#snapshot} does.
   *
   * @param issuer who signs
   * @param number the snapshot's
   * @param validity how long it can be relied on
   * @param use what is done with it; it cannot be read later
   */
  void snapshot(RevocationIssuer issuer, long number, Validity validity, Use use)
      throws IOException {
    Instant kept = validity.issued().minus(RevocationList.KEPT_AFTER_END);
    lifted.values().removeIf(each -> entry(each.fingerprint()) != null || isEnded(each, kept));
    // Ends are whole seconds: what ended in the second of this moment is kept.
    long endedBefore = kept.getEpochSecond() + (kept.getNano() > 0 ? 1 : 0);
    try (SortedRun whole = state == null ? SortedRun.empty() : state.whole(endedBefore, STORAGE)) {
      use.of(issuer.sign(false, 0, number, validity, new Whole(whole, List.copyOf(ascending()))));
    }
  }

  private Collection<LiftedEntry> ascending() {
    return RevocationIssuer.sortedLifted(lifted.values()).values();
  }

  private static boolean isEnded(LiftedEntry each, Instant kept) {
    Instant until = each.until();
    return until != null && until.isBefore(kept);
  }

  /** Uses a list. */
  @FunctionalInterface
  interface Use {
    /** Writes it somewhere. */
    void of(WholeFile.Content list) throws IOException;
  }

  private record Whole(SortedRun run, List<LiftedEntry> lifted) implements RevocationIssuer.Body {
    @Override
    public int count() {
      return run.size();
    }

    @Override
    public void writeEntries(RevocationIssuer.EntrySink out) throws IOException {
      SortedRun.Cursor each = run.cursor();
      while (each.next()) {
        out.write(each.kind(), each.high(), each.low(), each.until());
      }
    }
  }

  @Override
  public void close() {
    if (state != null) {
      state.close();
    }
  }
}
