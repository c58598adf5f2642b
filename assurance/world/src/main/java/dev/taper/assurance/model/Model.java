package dev.taper.assurance.model;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The command {@code assurance/model}: tries all that can happen in a small world, and says how
 * much that was, and that every law holds, or what breaks one; or looks for planted faults.
 */
public final class Model {
  private static final String USAGE = "usage: assurance/model [small | large | planted]";

  private final PrintStream out;
  private final LongSupplier nanos;
  private boolean broken;

  Model(PrintStream out, LongSupplier nanos) {
    this.out = out;
    this.nanos = nanos;
  }

  /** Runs the command. */
  public static void main(String[] args) {
    System.exit(new Model(System.out, System::nanoTime).run(args));
  }

  /** Returns the exit code: 0 if all laws hold, 1 if one does not, 2 for bad arguments. */
  int run(String... args) {
    String size = args.length == 0 ? "small" : args[0];
    if (args.length > 1 || !List.of("small", "large", "planted").contains(size)) {
      out.println(USAGE);
      return 2;
    }
    if (size.equals("planted")) {
      return new PlantedModel(out, nanos).print() ? 0 : 1;
    }
    boolean large = size.equals("large");
    chains(BlockRights.few(), 3);
    chains(BlockRights.some(), large ? 3 : 2);
    chains(BlockRights.all(), large ? 2 : 1);
    proofs(large ? 5 : 4);
    budgets(large ? 8 : 6);
    if (!broken) {
      out.println("Every law holds.");
    }
    return broken ? 1 : 0;
  }

  private void chains(List<BlockRights> blocks, int longest) {
    Chains chains = new Chains(AuthorityRule.EVERY_BLOCK, AuthorityReader.REAL, blocks);
    Chains.Broken wrong = chains.first(longest);
    told(wrong == null ? null : wrong.text());
    Chains.Broken wider = Narrowing.first(AuthorityRule.EVERY_BLOCK, blocks, longest);
    told(wider == null ? null : wider.text());
    out.printf(
        Locale.ROOT,
        "%,d chains of at most %d of %d blocks, %,d calls%n",
        chains.chains(),
        longest,
        blocks.size(),
        chains.decisions());
  }

  private void proofs(int longest) {
    Histories<Claims.Step> all =
        new Histories<>(Claims.steps(), new Claims(Claims.Parts.REAL)::play);
    Histories.Broken<Claims.Step> wrong = all.first(longest);
    told(wrong == null ? null : wrong.text());
    out.printf(
        Locale.ROOT, "%,d histories of proofs, of at most %d steps%n", all.played(), longest);
  }

  private void budgets(int longest) {
    for (boolean windowed : new boolean[] {false, true}) {
      Histories<Charges.Step> all =
          new Histories<>(
              List.of(Charges.Step.values()), new Charges(Charges.Parts.REAL, windowed)::play);
      Histories.Broken<Charges.Step> wrong = all.first(longest);
      told(wrong == null ? null : wrong.text());
      out.printf(
          Locale.ROOT,
          "%,d histories of a budget %s, of at most %d steps%n",
          all.played(),
          windowed ? "for every minute" : "for ever",
          longest);
    }
  }

  private void told(@Nullable String law) {
    if (law != null) {
      out.println(law);
      broken = true;
    }
  }
}
