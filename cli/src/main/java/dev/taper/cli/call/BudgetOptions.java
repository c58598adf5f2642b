package dev.taper.cli.call;

import dev.taper.agent.VerifierBuilder;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.FolderBudgets;
import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Value;
import dev.taper.operations.Place;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Where a service counts budgets. */
final class BudgetOptions extends Arguments {
  private final Value<List<String>> stores =
      option(
              "--budgets",
              "STORE=PLACE",
              "Count the budgets that tokens have in a store: in a folder, or in a database that",
              "several share (" + Place.DATABASE + "). Without it, such tokens are refused.")
          .texts();

  /** True if the option is used. */
  boolean isGiven() {
    return !stores.get().isEmpty();
  }

  /**
   * Refuses what names no store and place.
   *
   * @throws CliException if one does
   */
  void check() {
    Map<String, Place> unused = places();
  }

  private Map<String, Place> places() {
    Map<String, Place> places = new TreeMap<>();
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

  /** Gives the stores to a verifier. */
  void addTo(VerifierBuilder verifier, Console console) {
    places().forEach((store, place) -> verifier.budgets(store, budgets(console, place)));
  }

  private static Budgets budgets(Console console, Place place) {
    if (place instanceof Place.Sql database) {
      return new SharedBudgets(console.workplace(), database);
    }
    return FolderBudgets.in(console.resolve(((Place.File) place).name()));
  }
}
