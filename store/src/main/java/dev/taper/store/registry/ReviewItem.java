package dev.taper.store.registry;

import dev.taper.store.sql.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A delegation that a review asks about.
 *
 * @param number its number among the items of a review, from 1
 * @param delegation the delegation as it is now
 * @param decision the decision; null if there is none yet
 * @param decidedBy who decided; null if nobody did
 * @param decidedAt when; null if nobody did
 * @param reason why, in the words of the person who decided, or null
 */
public record ReviewItem(
    int number,
    Delegated delegation,
    @Nullable ReviewDecision decision,
    @Nullable String decidedBy,
    @Nullable Instant decidedAt,
    @Nullable String reason) {
  /** True if somebody must decide: it is living, and nobody has decided. */
  public boolean isOpen(Instant now) {
    return decision == null && delegation.livesAt(now);
  }

  /** Its state in a word: its decision, {@code open}, or {@code ended} by itself. */
  public String state(Instant now) {
    if (decision != null) {
      return decision.text();
    }
    return delegation.livesAt(now) ? "open" : "ended";
  }

  /** The item whose delegation stands in a row of the table. */
  static ReviewItem of(ResultSet row, Delegated delegation) throws SQLException {
    String decision = row.getString("verdict");
    return new ReviewItem(
        row.getInt("item"),
        delegation,
        decision == null ? null : ReviewDecision.ofText(decision),
        row.getString("decided_by"),
        Sql.moment(row, "decided_at"),
        row.getString("reason"));
  }

  /** The item as it is once its review's date has passed: nobody certified it. */
  ReviewItem lapsedAt(Instant date) {
    return new ReviewItem(number, delegation, ReviewDecision.LAPSED, Reviews.BY_DATE, date, null);
  }
}
