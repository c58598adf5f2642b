package dev.taper.cli.call;

import dev.taper.agent.memory.ApprovalUse;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.store.Database;
import dev.taper.store.SqlApprovalUses;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Set;

/** Counts the uses of approvals in a database, which it opens, or makes, at the first use. */
final class SharedApprovalUses implements ApprovalUses {
  private final Workplace workplace;
  private final Place.Sql place;
  private final Clock clock;

  /**
   * Uses a database.
   *
   * @param workplace where relative paths start
   * @param place the database
   * @param now the time
   */
  SharedApprovalUses(Workplace workplace, Place.Sql place, Instant now) {
    this.workplace = workplace;
    this.place = place;
    this.clock = Clock.fixed(now, ZoneOffset.UTC);
  }

  @Override
  public Set<ApprovalUse> claim(Collection<ApprovalUse> uses, MemoryShare share) {
    try (Database database = workplace.open(place)) {
      return new SqlApprovalUses(database, clock).claim(uses, share);
    }
  }

  @Override
  public boolean durable() {
    return true;
  }

  @Override
  public void release(Collection<ApprovalUse> uses) {
    try (Database database = workplace.open(place)) {
      new SqlApprovalUses(database, clock).release(uses);
    }
  }
}
