package dev.taper.server.guard;

import java.util.HashMap;
import java.util.Map;

/**
 * How many requests of all clients wait for the server at once. Each keeps a connection of its
 * client, of which there are only so many, and a server may take long: so no delegator has all of
 * them. Those whose delegator nobody knows share one part. Thread-safe.
 */
final class WaitingCalls {
  /** Fewer than there are connections, so that whoever is refused is told. */
  static final int MOST = 448;

  /** Whoever sent what needs no token. */
  static final String STRANGERS = "";

  private final int most;
  private final Map<String, Integer> parties = new HashMap<>(); // guarded by this
  private int total; // guarded by this

  WaitingCalls() {
    this(MOST);
  }

  WaitingCalls(int most) {
    this.most = most;
  }

  /**
   * Takes a place. Up to half of them nobody is limited; above that, each delegator has all divided
   * by the number of delegators and one, as in other memories.
   *
   * @return false if there is none for this delegator
   */
  synchronized boolean take(String delegator) {
    int own = parties.getOrDefault(delegator, 0);
    int all = parties.size() + (own == 0 ? 1 : 0);
    if (total >= most || (2 * (total + 1) > most && own + 1 > Math.max(1, most / (all + 1)))) {
      return false;
    }
    parties.put(delegator, own + 1);
    total++;
    return true;
  }

  /** Gives a place back. */
  synchronized void leave(String delegator) {
    parties.computeIfPresent(delegator, (same, own) -> own == 1 ? null : own - 1);
    total--;
  }
}
