package dev.taper.agent.delegation;

import dev.taper.agent.grant.Budget;
import dev.taper.crypto.Digests;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names the counters of a block's budgets (docs/profile.md, section 9). Kept with the block,
 * because naming one takes longer than charging it. Immutable and thread-safe.
 *
 * @param issuer the name of the issuer that signed the block; null if its key stands for itself
 * @param names the counters, in the order of the budgets
 */
record BudgetCounters(@Nullable String issuer, List<String> names) {
  private static final byte[] TAG = "\0TAPER\0BUDGET\0".getBytes(StandardCharsets.US_ASCII);

  /** The counters of budgets under a signer's name. */
  static BudgetCounters of(
      @Nullable String issuer, String signer, String delegator, List<Budget> budgets) {
    List<String> names = new ArrayList<>();
    for (Budget budget : budgets) {
      names.add(name(signer, delegator, budget));
    }
    return new BudgetCounters(issuer, List.copyOf(names));
  }

  private static String name(String signer, String delegator, Budget budget) {
    Duration window = budget.window();
    List<String> parts =
        List.of(
            signer,
            delegator,
            budget.store(),
            budget.id(),
            budget.unit() == null ? "" : budget.unit(),
            window == null ? "" : Long.toString(window.toSeconds()));
    return HexFormat.of().formatHex(Digests.ofTexts(TAG, parts));
  }
}
