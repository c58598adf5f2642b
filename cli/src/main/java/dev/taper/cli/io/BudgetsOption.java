package dev.taper.cli.io;

import dev.taper.operations.Place;
import dev.taper.operations.Stores;
import java.util.List;
import java.util.SortedMap;

/** Where budgets are counted. */
public final class BudgetsOption extends Arguments {
  private final Value<List<String>> stores =
      option(
              "--budgets",
              "STORE=PLACE",
              "Count the budgets that tokens have in a store: in a folder, or in a database that",
              "several share (" + Place.DATABASE + "). Without it, such tokens are refused.")
          .texts();

  /**
   * The places by the names of stores: folders, and databases.
   *
   * @throws dev.taper.operations.OperationException if a text names no store and place, or a store
   *     is named twice
   */
  public SortedMap<String, Place> places() {
    return Stores.budgetPlaces(stores.get());
  }
}
