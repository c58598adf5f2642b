package dev.taper.server.console.view;

import dev.taper.JsonFields;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.operations.revoking.ListReader;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationList;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A revocation list and its age, looked at now and then. Thread-safe. */
final class ListWatch {
  private static final Duration KEPT = Duration.ofSeconds(5);

  private final Workplace workplace;
  private final Place place;
  private final ListReader reader;
  private final RevocationList list; // applied to while this is held
  private @Nullable Found found; // guarded by this

  /**
   * A list as it was read.
   *
   * @param name where it is, as it may be shown
   * @param header the latest list; null if none could be read
   * @param entries how many entries there are
   * @param failure why there is none
   * @param at when it was read
   */
  record Found(
      String name,
      @Nullable RevocationHeader header,
      int entries,
      @Nullable String failure,
      Instant at) {
    /** {@code fresh}, {@code stale}, or {@code unread}. */
    String state() {
      return header == null ? "unread" : header.stale(at) ? "stale" : "fresh";
    }

    JsonFields fields() {
      JsonFields fields = new JsonFields().put("name", name).put("state", state());
      if (header != null) {
        fields
            .put("sequence", header.sequence())
            .put("issued_at", View.millis(header.issued()))
            .put("next_update_at", View.millis(header.nextUpdate()))
            .put("stale_at", View.millis(header.staleAfter()))
            .put("signed_by", header.issuer())
            .put("entries", entries);
      }
      return fields.putIfPresent("error", failure);
    }
  }

  ListWatch(Workplace workplace, Place place, List<PublicKey> issuers) {
    this.workplace = workplace;
    this.place = place;
    this.reader = new ListReader(workplace, place, issuers, null);
    this.list = reader.unread(workplace.clock());
  }

  /** The list as it is now, or was a moment ago. */
  synchronized Found now() {
    Instant now = workplace.clock().instant();
    if (found == null || !now.isBefore(found.at.plus(KEPT))) {
      found = read(now);
    }
    return found;
  }

  /** Forgets what was read: somebody changed the list. */
  synchronized void forget() {
    found = null;
  }

  private Found read(Instant now) {
    try {
      reader.applyTo(list);
      return new Found(place.shown(), list.latest(), list.size(), null, now);
    } catch (TaperException | OperationException e) {
      return new Found(place.shown(), null, 0, FailureWords.of(e), now);
    }
  }
}
