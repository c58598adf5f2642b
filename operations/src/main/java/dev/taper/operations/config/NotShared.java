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
    settings
        .kept()
        .forEach(
            (name, kept) -> {
              if (kept.place() == null) {
                alone.add(words(name) + " (" + name + ")");
              }
            });
    return alone.isEmpty()
        ? null
        : "where several processes serve "
            + settings.audience()
            + ", "
            + String.join(", ", alone)
            + ": name places that they share, or run one process";
  }

  private static String words(String memory) {
    return switch (memory) {
      case "replay-memory" -> "a proof is taken once by each";
      case "approval-uses" -> "an approval is used as often by each";
      case "asks" -> "an ask is found where it was made";
      default -> "a budget is spent by each";
    };
  }
}
