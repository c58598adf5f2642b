package dev.taper.store.registry;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A delegation that a review asks about.
 *
 * @param number counts the items of a review, from 1
 * @param delegation the delegation as it is now
 * @param decision what was decided; null if nothing was yet
 * @param decidedBy who decided; null if nobody did
 * @param decidedAt when; null if nobody did
 * @param reason why, in the words of whoever decided, or null
 */
public record ReviewItem(
    int number,
    Delegated delegation,
    @Nullable ReviewDecision decision,
    @Nullable String decidedBy,
    @Nullable Instant decidedAt,
    @Nullable String reason) {
  /** True if somebody has to decide: it is living, and nobody did. */
  public boolean isOpen(Instant now) {
    return decision == null && delegation.livesAt(now);
  }

  /** Where it stands, in a word: its decision, {@code open}, or {@code ended} by itself. */
  public String state(Instant now) {
    if (decision != null) {
      return decision.text();
    }
    return delegation.livesAt(now) ? "open" : "ended";
  }
}
