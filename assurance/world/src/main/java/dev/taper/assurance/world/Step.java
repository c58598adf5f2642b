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
    REPLAY(20),
    /** A holder calls what has to be approved, with what was approved up to now. */
    APPROVED(14),
    /** An approver answers what was asked. */
    ANSWER(4),
    /** An issuer mints or renews a token that lives for minutes, or a thief does. */
    MINT(3),
    /** A root key is added, or the one before it retired. */
    ROTATE(1),
    /** An approver leaves the group. */
    RETIRE(1),
    /** A verifier loses its connection to the store, to the lists, or both. */
    CUT(4),
    /** A verifier's process dies, and starts again some time later. */
    CRASH(3),
    /** A verifier's process is stopped in order, and started again. */
    STOP(2),
    /** A verifier's machine loses its power, and what its disk was not forced to take. */
    POWER(1),
    /** The disk of a verifier's machine is full for a while. */
    DISK(1),
    /** Somebody sets a verifier's clock. */
    CLOCK(6),
    /** The store's process dies, and starts again some time later. */
    STORE(2),
    /** An issuer of lists revokes something. */
    REVOKE(3),
    /** The server of lists is restored from a backup for a while. */
    RESTORE(2),
    /** Nobody does anything for a while. */
    PAUSE(4);

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
      Step within = luck.percent(INTERLEAVED) ? new Step(i, within(luck), luck.any(), null) : null;
      plan.add(new Step(i, Kind.by(luck), luck.any(), within));
    }
    return plan;
  }

  /** Who listens to others often sends again what they send. */
  private static Kind within(Luck luck) {
    return luck.percent(30) ? Kind.REPLAY : Kind.by(luck);
  }

  /** The same without what happens meanwhile. */
  Step alone() {
    return new Step(number, kind, luck, null);
  }
}
