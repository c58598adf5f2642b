package dev.taper.cli.call;

import dev.taper.agent.VerifierBuilder;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.FolderBudgets;
import dev.taper.cli.io.BudgetsOption;
import dev.taper.cli.io.Console;
import dev.taper.operations.Place;

/** Where a service counts budgets from run to run. */
final class KeptBudgets {
  private KeptBudgets() {}

  /** Gives the stores to a verifier. */
  static void addTo(VerifierBuilder verifier, BudgetsOption option, Console console) {
    option.places().forEach((store, place) -> verifier.budgets(store, budgets(console, place)));
  }

  private static Budgets budgets(Console console, Place place) {
    if (place instanceof Place.Sql database) {
      return new SharedBudgets(console.workplace(), database);
    }
    return FolderBudgets.in(console.resolve(((Place.File) place).name()));
  }
}
