package dev.taper.cli.call;

import dev.taper.agent.memory.ApprovalUse;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.store.Database;
import dev.taper.store.SqlApprovalUses;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;

/** Counts the uses of approvals in a database, which it opens, or makes, at the first use. */
final class SharedApprovalUses implements ApprovalUses {
  private final Workplace workplace;
  private final Place.Sql place;

  /**
   * Uses a database.
   *
   * @param workplace where relative paths start
   * @param place the database
   */
  SharedApprovalUses(Workplace workplace, Place.Sql place) {
    this.workplace = workplace;
    this.place = place;
  }

  @Override
  public Set<ApprovalUse> claim(Collection<ApprovalUse> uses, MemoryShare share, Instant now) {
    try (Database database = workplace.open(place)) {
      return new SqlApprovalUses(database).claim(uses, share, now);
    }
  }

  @Override
  public void release(Collection<ApprovalUse> uses) {
    try (Database database = workplace.open(place)) {
      new SqlApprovalUses(database).release(uses);
    }
  }

  @Override
  public boolean durable() {
    return true;
  }
}
