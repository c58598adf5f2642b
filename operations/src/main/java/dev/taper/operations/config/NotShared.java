package dev.taper.operations.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says which memories each process has for itself. */
final class NotShared {
  static final String CODE = "not_shared";

  private NotShared() {}

  /** What several processes of a service would do; null if they share all that they remember. */
  static @Nullable String words(Settings settings) {
    List<String> alone = new ArrayList<>();
    if (settings.replayMemory().place() == null) {
      alone.add("a proof is taken once by each (replay-memory)");
    }
    if (Settings.Kept.isInProcess(settings.approvalUses())) {
      alone.add("an approval is used as often by each (approval-uses)");
    }
    settings
        .budgets()
        .forEach(
            (store, kept) -> {
              if (Settings.Kept.isInProcess(kept)) {
                alone.add("a budget is spent by each (budgets." + store + ")");
              }
            });
    if (Settings.Kept.isInProcess(settings.asks())) {
      alone.add("an ask is found where it was made (asks)");
    }
    return alone.isEmpty()
        ? null
        : "where several processes serve "
            + settings.audience()
            + ", "
            + String.join(", ", alone)
            + ": name places that they share, or run one process";
  }
}
