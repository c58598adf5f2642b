package dev.taper.cli.io;

import dev.taper.operations.Place;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Where budgets are counted. */
public final class BudgetsOption extends Arguments {
  private final Value<List<String>> stores =
      option(
              "--budgets",
              "STORE=PLACE",
              "Count the budgets that tokens have in a store: in a folder, or in a database that",
              "several share (" + Place.DATABASE + "). Without it, such tokens are refused.")
          .texts();

  /** True if the option is used. */
  public boolean isGiven() {
    return !stores.get().isEmpty();
  }

  /**
   * The places by the names of stores: folders, and databases.
   *
   * @throws CliException if a text names no store and place, or a store is named twice
   */
  public SortedMap<String, Place> places() {
    SortedMap<String, Place> places = new TreeMap<>();
    for (String text : stores.get()) {
      int end = text.indexOf('=');
      String store = text.substring(0, Math.max(0, end));
      if (store.isEmpty() || end == text.length() - 1 || !(Place.of(store) instanceof Place.File)) {
        throw CliException.usage(
            "a store of budgets has a name and a place: --budgets acme=FOLDER, or --budgets"
                + " acme=sqlite:FILE");
      }
      if (places.put(store, Place.written(text.substring(end + 1))) != null) {
        throw CliException.usage("--budgets names the store " + store + " twice");
      }
    }
    return places;
  }
}
