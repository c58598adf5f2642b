package dev.taper.assurance.world;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a world. What it does follows from itself alone, so steps can be left out of a plan
 * and the others stay what they were. Immutable.
 *
 * @param number its place in the whole plan
 * @param kind what happens
 * @param luck the seed of its own chances
 * @param within a step that happens while this one waits for an answer; null if none does
 */
record Step(int number, Kind kind, long luck, @Nullable Step within) {
  /** What can happen. */
  enum Kind {
    /** A holder calls a verifier, once or a few times. */
    CALL(50),
    /** What was sent before is sent again, to this or another verifier. */
    REPLAY(18),
    /** A holder calls with an approval that is good for a number of calls. */
    APPROVED(12),
    /** A verifier loses its connection to the store, to the lists, or both. */
    CUT(4),
    /** A verifier's process dies, and starts again some time later. */
    CRASH(3),
    /** A verifier's process is stopped in order, and started again. */
    STOP(2),
    /** Somebody sets a verifier's clock. */
    CLOCK(4),
    /** The store's process dies, and starts again some time later. */
    STORE(2),
    /** An issuer of lists revokes something. */
    REVOKE(2),
    /** The server of lists is restored from a backup for a while. */
    RESTORE(1),
    /** Nobody does anything for a while. */
    PAUSE(3);

    private final int weight;

    Kind(int weight) {
      this.weight = weight;
    }

    static Kind by(Luck luck) {
      int sum = 0;
      for (Kind kind : values()) {
        sum += kind.weight;
      }
      int at = luck.below(sum);
      for (Kind kind : values()) {
        at -= kind.weight;
        if (at < 0) {
          return kind;
        }
      }
      return PAUSE;
    }
  }

  /** How many of a hundred steps have another one within. */
  private static final int INTERLEAVED = 25;

  /** The plan of a seed. */
  static List<Step> plan(long seed, int steps) {
    Luck luck = new Luck(seed);
    List<Step> plan = new ArrayList<>(steps);
    for (int i = 0; i < steps; i++) {
      Step within = luck.percent(INTERLEAVED) ? new Step(i, Kind.by(luck), luck.any(), null) : null;
      plan.add(new Step(i, Kind.by(luck), luck.any(), within));
    }
    return plan;
  }

  /** The same without what happens meanwhile. */
  Step alone() {
    return new Step(number, kind, luck, null);
  }
}
