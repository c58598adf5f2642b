package dev.taper.integrations.valkey;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts budgets in a store. A counter with a window is kept for a day after nothing of it counts
 * any more, and one without is kept for ever.
 */
final class ValkeyBudgets implements Budgets {
  private final StoreClaims claims;

  ValkeyBudgets(StoreClaims claims) {
    this.claims = claims;
  }

  @Override
  public Answer charge(List<Budgets.Charge> charges, MemoryShare share, Instant now) {
    if (charges.isEmpty()) {
      return new Charged(charges, List.of());
    }
    return asked(
        "what is left of a budget is not known",
        () -> Objects.requireNonNull(claims.take(null, charges, List.of(), share, now).budgets()));
  }

  @Override
  public void giveBack(Charged charged) {
    boolean unused =
        asked("what was not used of a budget may count as used", () -> claims.giveBack(charged));
  }

  @Override
  public @Nullable Exhausted look(List<Budgets.Charge> charges, Instant now) {
    return asked("what is left of a budget is not known", () -> claims.look(charges, now));
  }

  private static <T extends @Nullable Object> T asked(String otherwise, Supplier<T> question) {
    return StoreClaims.asked(ErrorCode.BUDGET_UNAVAILABLE, otherwise, question);
  }

  @Override
  public @Nullable Fill fill() {
    return claims.fill(ValkeyStore.Memory.BUDGETS);
  }
}
