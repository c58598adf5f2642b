package dev.taper.store.registry;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reviewer's pass over living delegations: each is certified or revoked by a date. A delegation
 * that is not certified by then is revoked.
 *
 * @param id its number among the reviews of a registry, from 1
 * @param title its title
 * @param startedBy who started it
 * @param startedAt when
 * @param dueAt the time by which everything must be certified
 * @param closedAt when the date took effect; null before
 * @param items the delegations that it asks about, which were living at its start
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

  /** Counts the items in a state; see {@link ReviewItem#state}. */
  public long count(String state, Instant now) {
    return items.stream().filter(item -> item.state(now).equals(state)).count();
  }
}
