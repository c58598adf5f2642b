package dev.taper.assurance.model;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tries every wrong rule and every wrong part, and prints by what it is found. For one thread. */
final class PlantedModel {
  private static final int CHAINS = 2;
  private static final int PROOFS = 4;
  private static final int BUDGETS = 6;

  private final PrintStream out;
  private final LongSupplier nanos;
  private int planted;
  private int found;

  /** By what something is found. */
  private record Shown(String law, String shortest) {}

  PlantedModel(PrintStream out, LongSupplier nanos) {
    this.out = out;
    this.nanos = nanos;
  }

  /** Returns true if all are found. */
  boolean print() {
    out.println("| planted fault | law | found in | shortest |");
    out.println("| --- | --- | --- | --- |");
    for (AuthorityRule rule : AuthorityRule.values()) {
      if (rule != AuthorityRule.EVERY_BLOCK) {
        row("chains", rule, () -> shown(chains(rule, AuthorityReader.REAL)));
      }
    }
    for (AuthorityReader reader : AuthorityReader.values()) {
      if (reader != AuthorityReader.REAL) {
        row("authority", reader, () -> shown(chains(AuthorityRule.EVERY_BLOCK, reader)));
      }
    }
    for (Claims.Parts parts : Claims.Parts.values()) {
      if (parts != Claims.Parts.REAL) {
        Claims claims = new Claims(parts);
        row("proofs", parts, () -> shown(first(Claims.steps(), claims::play, PROOFS)));
      }
    }
    for (Charges.Parts parts : Charges.Parts.values()) {
      if (parts != Charges.Parts.REAL) {
        Charges charges = new Charges(parts, true);
        List<Charges.Step> steps = List.of(Charges.Step.values());
        row("budgets", parts, () -> shown(first(steps, charges::play, BUDGETS)));
      }
    }
    out.println();
    out.println(found + " of " + planted + " planted faults are found.");
    return found == planted;
  }

  private static Chains.@Nullable Broken chains(AuthorityRule rule, AuthorityReader reader) {
    return new Chains(rule, reader, BlockRights.some()).first(CHAINS);
  }

  private static <S> Histories.@Nullable Broken<S> first(
      List<S> steps, Function<List<S>, @Nullable String> play, int longest) {
    return new Histories<>(steps, play).first(longest);
  }

  private static @Nullable Shown shown(Chains.@Nullable Broken broken) {
    return broken == null ? null : new Shown(broken.law(), broken.chain().size() + " blocks");
  }

  private static <S> @Nullable Shown shown(Histories.@Nullable Broken<S> broken) {
    return broken == null ? null : new Shown(broken.law(), broken.history().size() + " steps");
  }

  private void row(String where, Enum<?> fault, Supplier<@Nullable Shown> search) {
    long since = nanos.getAsLong();
    Shown shown = search.get();
    double seconds = (nanos.getAsLong() - since) / 1e9;
    planted++;
    found += shown == null ? 0 : 1;
    out.printf(
        Locale.ROOT,
        "| %s: %s | %s | %.1f s | %s |%n",
        where,
        fault.name().toLowerCase(Locale.ROOT).replace('_', ' '),
        shown == null ? "not found" : shown.law(),
        seconds,
        shown == null ? "" : shown.shortest());
  }
}
