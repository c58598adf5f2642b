package dev.taper.assurance.world;

import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Stores that remember proofs wrongly. */
final class PlantedStores {
  private PlantedStores() {}

  private static StoreContent with(ReplayMemory proofs) {
    return new StoreContent(proofs, Budgets.forThisProcessOnly(), ApprovalUses.inMemory());
  }

  /** Looks a proof up, and notes it later. */
  static StoreContent inTwoSteps(Runnable pause) {
    Set<String> used = new HashSet<>();
    return with(
        new ReplayMemory() {
          @Override
          public boolean claim(Use use, MemoryShare share, Instant now) {
            if (used.contains(use.id())) {
              return false;
            }
            pause.run();
            used.add(use.id());
            return true;
          }
        });
  }

  /** Forgets what has ended by the clock of whoever asks. */
  static StoreContent forgetting() {
    Map<String, Instant> used = new HashMap<>();
    return with(
        new ReplayMemory() {
          @Override
          public boolean claim(Use use, MemoryShare share, Instant now) {
            used.values().removeIf(until -> !until.isAfter(now));
            return used.putIfAbsent(use.id(), use.until()) == null;
          }
        });
  }
}
