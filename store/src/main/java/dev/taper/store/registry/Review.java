package dev.taper.store.registry;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A campaign over living delegations: each is certified or revoked by a date, and what is not
 * certified by then is revoked.
 *
 * @param id counts the reviews of a registry, from 1
 * @param title what it is called
 * @param startedBy who started it
 * @param startedAt when
 * @param dueAt by when everything has to be certified
 * @param closedAt when the date took effect; null before
 * @param items what it asks about, the delegations that were living at its start
 */
public record Review(
    int id,
    String title,
    String startedBy,
    Instant startedAt,
    Instant dueAt,
    @Nullable Instant closedAt,
    List<ReviewItem> items) {
  /** Copies the list. */
  public Review {
    items = List.copyOf(items);
  }

  /** How many items are in a state; see {@link ReviewItem#state}. */
  public long count(String state, Instant now) {
    return items.stream().filter(item -> item.state(now).equals(state)).count();
  }
}
