package dev.taper.cli.call;

import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.Charge;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.store.Database;
import dev.taper.store.SqlBudgets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts budgets in a database, which it opens, or makes, at the first use. */
final class SharedBudgets implements Budgets {
  private final Workplace workplace;
  private final Place.Sql place;

  /**
   * Uses a database.
   *
   * @param workplace where relative paths start
   * @param place the database
   */
  SharedBudgets(Workplace workplace, Place.Sql place) {
    this.workplace = workplace;
    this.place = place;
  }

  @Override
  public Answer charge(List<Charge> charges, MemoryShare share, Instant now) {
    try (Database database = workplace.open(place)) {
      return new SqlBudgets(database).charge(charges, share, now);
    }
  }

  @Override
  public void giveBack(Charged charged) {
    try (Database database = workplace.open(place)) {
      new SqlBudgets(database).giveBack(charged);
    }
  }

  @Override
  public @Nullable Exhausted look(List<Charge> charges, Instant now) {
    try (Database database = workplace.open(place)) {
      return new SqlBudgets(database).look(charges, now);
    }
  }
}
