package dev.taper.integrations.valkey;

import dev.taper.agent.memory.AcceptedProofs;
import java.time.Duration;
import java.util.Map;

/**
 * The bounds of a store's memories.
 *
 * @param window which proofs the verifiers accept
 * @param longestApproval how long an approval lasts at most
 * @param capacities how many entries each memory holds
 */
record StoreLimits(
    AcceptedProofs.Window window,
    Duration longestApproval,
    Map<ValkeyStore.Memory, Integer> capacities) {
  /** How far the clocks of two verifiers may differ. */
  private static final Duration CLOCKS = Duration.ofMinutes(2);

  /** How far ahead an approver's clock may be. */
  private static final Duration AHEAD = AcceptedProofs.Window.DEFAULT.ahead();

  StoreLimits {
    capacities = Map.copyOf(capacities);
  }

  int capacity(ValkeyStore.Memory memory) {
    return capacities.getOrDefault(memory, memory.defaultCapacity());
  }

  /** How long what was claimed can matter; the windows of budgets are their own. */
  Duration longest(ValkeyStore.Memory memory) {
    return switch (memory) {
      case PROOFS -> window.ahead().plus(CLOCKS); // none that was claimed was made later
      case APPROVALS -> longestApproval.plus(AHEAD);
      case BUDGETS -> Duration.ZERO;
    };
  }

  /** Until when a memory that may have lost something refuses, for operators. */
  String closed(ValkeyStore.Memory memory) {
    return memory == ValkeyStore.Memory.BUDGETS
        ? "budgets without a window are refused until somebody begins them anew, others for the"
            + " length of their window"
        : "claims are refused for " + longest(memory).toSeconds() + " seconds";
  }
}
