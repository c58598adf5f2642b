package dev.taper.agent;

import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.Grants;
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
}
