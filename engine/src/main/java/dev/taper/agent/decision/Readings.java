package dev.taper.agent.decision;

import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.Grants;
import dev.taper.datalog.Check;
import java.util.IdentityHashMap;

/**
 * Reads each check once to explain one decision, and counts what is compared to find out what
 * shorter chains lack. No budget of the evaluation counts either. For one thread.
 */
final class Readings {
  /** The most {@linkplain Grants#weight() weight} that is compared before a search is given up. */
  static final long MOST_COMPARED = 20_000;

  private final IdentityHashMap<Check, Caveat> known =
      new IdentityHashMap<>(1); // most calls need none
  private int checksRead;
  private long compared;

  /** What a check says. */
  Caveat of(Check check) {
    Caveat caveat = known.get(check);
    if (caveat == null) {
      caveat = Caveat.of(check);
      checksRead++;
      known.put(check, caveat);
    }
    return caveat;
  }

  /** Notes that all of what is read is compared with the call while searching. */
  void noteCompared(Caveat caveat) {
    compared += caveat instanceof Grants grants ? grants.weight() : 1;
  }

  /** True if nothing more should be compared. */
  boolean areUsedUp() {
    return compared > MOST_COMPARED;
  }

  /** How many checks were read. */
  int checksRead() {
    return checksRead;
  }

  /** How much was compared. */
  long compared() {
    return compared;
  }
}
