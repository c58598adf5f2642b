package dev.taper.agent;

import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.Expiry;
import dev.taper.agent.grant.Grants;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds single caveats among those of a block. */
final class Caveats {
  private Caveats() {}

  /** The first grants, or null. */
  static @Nullable Grants grants(List<Caveat> caveats) {
    for (Caveat caveat : caveats) {
      if (caveat instanceof Grants grants) {
        return grants;
      }
    }
    return null;
  }

  /** The earliest end, or null. */
  static @Nullable Instant expiry(List<Caveat> caveats) {
    Instant earliest = null;
    for (Caveat caveat : caveats) {
      if (caveat instanceof Expiry e && (earliest == null || e.end().isBefore(earliest))) {
        earliest = e.end();
      }
    }
    return earliest;
  }
}
