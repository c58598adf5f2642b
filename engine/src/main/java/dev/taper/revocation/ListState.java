package dev.taper.revocation;

import dev.taper.TaperException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One issuer's list as look-ups see it, at one moment. Immutable. */
final class ListState {
  private static final int SMALL = 1 << 16;
  private static final long GROWTH = 4;
  private static final SortedRun NONE = SortedRun.empty();

  private final RevocationHeader latest;
  private final Layer @Nullable [] layers; // null if they cannot be read
  private final boolean isMapped;

  private ListState(RevocationHeader latest, Layer @Nullable [] layers) {
    this.latest = latest;
    this.layers = layers;
    this.isMapped = runs().stream().anyMatch(SortedRun::isMapped);
  }

  /**
   * What one list, or several that were merged, say.
   *
   * @param entries what they revoke
   * @param lifted what they lift of the layers before, before their own entries
   */
  record Layer(SortedRun entries, SortedRun lifted) {
    private long size() {
      return (long) entries.size() + lifted.size();
    }
  }

  static ListState ofSnapshot(RevocationHeader header, SortedRun entries) {
    return new ListState(header, new Layer[] {new Layer(entries, NONE)});
  }

  /** The same list, of which the private copy cannot be read. */
  ListState lost() {
    return new ListState(latest, null);
  }

  /** True if nothing is known but that there is a list. */
  boolean isLost() {
    return layers == null;
  }

  private Layer[] layers() {
    if (layers == null) {
      throw new UnreadableListException();
    }
    return layers;
  }

  /**
   * Counts the entries that have not ended and that a snapshot leaves out, or lets end earlier,
   * without lifting them.
   *
   * @param snapshot the entries of the snapshot
   * @param lifted the entries that it lifts
   * @param nowSeconds the verifier's time
   */
  int dropped(SortedRun snapshot, SortedRun lifted, long nowSeconds) {
    int dropped = 0;
    for (int i = 0; i < layers().length; i++) {
      int layer = i;
      dropped +=
          layers()[i]
              .entries()
              .missingFrom(
                  snapshot,
                  (high, low) -> lifted.contains(high, low) || isLiftedAfter(layer, high, low),
                  nowSeconds);
    }
    return dropped;
  }

  private boolean isLiftedAfter(int layer, long high, long low) {
    for (int i = layer + 1; i < layers().length; i++) {
      if (layers()[i].lifted().contains(high, low)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Adds a delta: takes out what it lifts, then adds its entries. A delta that only says that
   * nothing changed needs no layer.
   */
  ListState plus(RevocationHeader delta, Layer layer) {
    if (layer.size() == 0) {
      return new ListState(delta, layers());
    }
    Layer[] more = Arrays.copyOf(layers(), layers().length + 1);
    more[layers().length] = layer;
    return new ListState(delta, more);
  }

  /**
   * Merges layers from the end, until each is several times as large as the next and no small one
   * has another behind it. So look-ups have two or three runs to look at, and merging costs a delta
   * a few milliseconds.
   */
  ListState compact(long endedBefore, RunStorage storage) {
    Layer[] compacted = layers().clone();
    int length = compacted.length;
    while (length > 1
        && compacted[length - 2].size() <= Math.max(SMALL, GROWTH * compacted[length - 1].size())) {
      Layer merged;
      try {
        merged =
            merged(compacted[length - 2], compacted[length - 1], length == 2, endedBefore, storage);
      } catch (IOException | TaperException e) {
        break; // no room; what was not merged is looked up all the same, and tried again
      } catch (RuntimeException | Error e) {
        closeMerged(compacted, length);
        throw e;
      }
      closeMerged(compacted, length);
      compacted[length - 2] = merged;
      length--;
    }
    return length == layers().length
        ? this
        : new ListState(latest, Arrays.copyOf(compacted, length));
  }

  /** Merges two layers; what they lift matters only if another one is before them. */
  private static Layer merged(
      Layer a, Layer b, boolean isFirst, long endedBefore, RunStorage storage) throws IOException {
    SortedRun entries = SortedRun.merge(a.entries(), b.entries(), b.lifted(), endedBefore, storage);
    try {
      return new Layer(
          entries, isFirst ? NONE : SortedRun.merge(a.lifted(), b.lifted(), NONE, 0, storage));
    } catch (IOException | RuntimeException e) {
      entries.close();
      throw e;
    }
  }

  /** Closes the last layer if it was merged here, and is nowhere else. */
  private static void closeMerged(Layer[] compacted, int length) {
    if (length < compacted.length) {
      close(compacted[length - 1]);
    }
  }

  private static void close(Layer layer) {
    layer.entries().close();
    layer.lifted().close();
  }

  /** Closes all runs. */
  void close() {
    runs().forEach(SortedRun::close);
  }

  /** Closes the runs that another state has not. */
  void closeBut(ListState other) {
    List<SortedRun> kept = other.runs();
    runs().stream().filter(run -> !kept.contains(run)).forEach(SortedRun::close);
  }

  /** All runs. */
  List<SortedRun> runs() {
    List<SortedRun> runs = new ArrayList<>();
    for (Layer layer : layers == null ? new Layer[0] : layers) {
      runs.add(layer.entries());
      runs.add(layer.lifted());
    }
    return runs;
  }

  RevocationHeader latest() {
    return latest;
  }

  int size() {
    int size = 0;
    for (int i = 0; layers != null && i < layers.length; i++) {
      size += layers[i].entries().size() - liftedOf(i);
    }
    return size;
  }

  /** How many entries of a layer later ones lift. */
  private int liftedOf(int layer) {
    int lifted = 0;
    for (int i = layer + 1; i < layers().length; i++) {
      SortedRun.Cursor each = layers()[i].lifted().cursor();
      while (each.next()) {
        boolean isFirst = true;
        for (int j = layer + 1; j < i; j++) {
          isFirst &= !layers()[j].lifted().contains(each.high(), each.low());
        }
        lifted += isFirst && layers()[layer].entries().contains(each.high(), each.low()) ? 1 : 0;
      }
    }
    return lifted;
  }

  /** The bytes that the runs take, on the heap and in files. */
  long bytes() {
    long bytes = 0;
    for (SortedRun run : runs()) {
      bytes += run.bytes();
    }
    return bytes;
  }

  /** True if a part of it is in a file, of which pages may be unreadable. */
  boolean isMapped() {
    return isMapped;
  }

  /**
   * Which of the first fingerprints it revokes first at this time; their count if none. The caller
   * reads {@link PrivateFile#reading so} if it {@link #isMapped}.
   */
  int firstHeld(List<Fingerprint> fingerprints, int count, long nowSeconds) {
    int at = 0;
    while (at < count && !holds(fingerprints.get(at), nowSeconds)) {
      at++;
    }
    return at;
  }

  private boolean holds(Fingerprint fingerprint, long nowSeconds) {
    Layer[] present = layers;
    if (present == null) {
      return false; // who asks knows that it is lost
    }
    long high = fingerprint.high();
    long low = fingerprint.low();
    for (int i = present.length - 1; i >= 0; i--) {
      if (present[i].entries().holds(high, low, nowSeconds)) {
        return true;
      }
      if (present[i].lifted().size() > 0 && present[i].lifted().contains(high, low)) {
        return false;
      }
    }
    return false;
  }

  /** Finds the entry for one thing, the one with the latest end; null if there is none. */
  @Nullable RevocationEntry entry(Fingerprint fingerprint) {
    RevocationEntry found = null;
    for (int i = layers().length - 1; i >= 0; i--) {
      RevocationEntry entry = layers()[i].entries().entry(fingerprint);
      if (entry != null) {
        found = found == null ? entry : RevocationEntry.later(entry, found);
      }
      if (layers()[i].lifted().contains(fingerprint.high(), fingerprint.low())) {
        return found;
      }
    }
    return found;
  }

  /** All that is revoked and has not ended before a time, as one run that the caller closes. */
  SortedRun whole(long endedBefore, RunStorage storage) throws IOException {
    Layer[] all = layers().clone();
    SortedRun whole = SortedRun.merge(NONE, NONE, NONE, endedBefore, storage);
    for (Layer layer : all) {
      SortedRun before = whole;
      try (before) {
        whole = SortedRun.merge(before, layer.entries(), layer.lifted(), endedBefore, storage);
      }
    }
    return whole;
  }
}
