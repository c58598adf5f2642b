package dev.taper.assurance.model;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Two verifiers that share a memory of used proofs, and two proofs that anybody sends to either as
 * often as they like. Requests to the memory and its answers get lost, clocks are moved, verifiers
 * start anew. No proof is accepted twice.
 */
final class Claims {
  /** What a step is. */
  enum Kind {
    TRY,
    TRY_REQUEST_LOST,
    TRY_ANSWER_LOST,
    LATER,
    MUCH_LATER,
    SET_BACK,
    RESTART
  }

  /**
   * A step.
   *
   * @param verifier which of both
   * @param proof which proof is sent, if one is
   */
  record Step(Kind kind, int verifier, int proof) {}

  /** The real parts, and a wrong one in each of the others. */
  enum Parts {
    REAL,
    /** Each verifier has a memory of its own. */
    NOT_SHARED,
    /** A verifier takes no answer for a yes. */
    SILENCE_IS_YES,
    /**
     * The memory forgets what has ended by the clock of whoever asks, and does not know how far it
     * forgot.
     */
    FORGETS,
    /** The memory says yes, and notes a use when it is asked next. */
    NOTES_LATER
  }

  private static final String LAW = "no proof is accepted twice";
  private static final int VERIFIERS = 2;
  private static final PublicKey HOLDER = PrivateKey.of(Algorithm.ED25519, filled(7)).publicKey();
  private static final MemoryShare SHARE = MemoryShare.of("user:alice", filled(1));

  private final Parts parts;

  Claims(Parts parts) {
    this.parts = parts;
  }

  private static byte[] filled(int fill) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) fill);
    return bytes;
  }

  static List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    for (int verifier = 0; verifier < VERIFIERS; verifier++) {
      for (Kind kind : Kind.values()) {
        steps.add(new Step(kind, verifier, 0));
        if (kind == Kind.TRY) {
          steps.add(new Step(kind, verifier, 1));
        }
      }
    }
    return steps;
  }

  /** Plays a history; returns the law that it breaks, or null. */
  @Nullable String play(List<Step> history) {
    World world = new World();
    for (Step step : history) {
      if (world.accepts(step) && world.accepted.merge(step.proof(), 1, Integer::sum) > 1) {
        return LAW;
      }
    }
    return null;
  }

  /** The shared memory, which a connection may fail to reach, or not answer from. */
  private final class Connected implements ReplayMemory {
    private final ReplayMemory shared;
    private final Map<String, Instant> noted = new HashMap<>();
    private @Nullable Use open;
    private Kind how = Kind.TRY;

    Connected(ReplayMemory shared) {
      this.shared = shared;
    }

    @Override
    public boolean claim(Use use, MemoryShare share, Instant now) {
      boolean lost = how == Kind.TRY_REQUEST_LOST;
      boolean isNew = !lost && claimed(use, share, now);
      if (how == Kind.TRY) {
        return isNew;
      }
      if (parts == Parts.SILENCE_IS_YES) {
        return true;
      }
      throw new TaperException(ErrorCode.REPLAY_CACHE_UNAVAILABLE, "no answer");
    }

    private boolean claimed(Use use, MemoryShare share, Instant now) {
      return switch (parts) {
        case FORGETS -> {
          noted.values().removeIf(until -> until.isBefore(now));
          yield noted.putIfAbsent(use.id(), use.until()) == null;
        }
        case NOTES_LATER -> {
          boolean isNew = !noted.containsKey(use.id());
          if (open != null) {
            noted.put(open.id(), open.until());
          }
          open = use;
          yield isNew;
        }
        default -> shared.claim(use, share, now);
      };
    }
  }

  private final class World {
    final Map<Integer, Integer> accepted = new TreeMap<>();
    private final ReplayMemory memory = ReplayMemory.inMemory();
    private final Connected[] connections = new Connected[VERIFIERS];
    private final MovedClock[] clocks = new MovedClock[VERIFIERS];
    private final AcceptedProofs[] verifiers = new AcceptedProofs[VERIFIERS];

    World() {
      Connected one = new Connected(memory);
      for (int i = 0; i < VERIFIERS; i++) {
        clocks[i] = new MovedClock();
        connections[i] = parts == Parts.NOT_SHARED ? new Connected(ReplayMemory.inMemory()) : one;
        start(i);
      }
    }

    private void start(int verifier) {
      verifiers[verifier] =
          AcceptedProofs.of(AcceptedProofs.Window.DEFAULT, connections[verifier], clocks[verifier]);
    }

    /** Takes a step; true if a call is let through. */
    boolean accepts(Step step) {
      switch (step.kind()) {
        case LATER -> clocks[step.verifier()].move(Duration.ofSeconds(30));
        case MUCH_LATER -> clocks[step.verifier()].move(Duration.ofSeconds(62));
        case SET_BACK -> clocks[step.verifier()].move(Duration.ofSeconds(-62));
        case RESTART -> start(step.verifier());
        default -> {
          return isGood(step);
        }
      }
      return false;
    }

    private boolean isGood(Step step) {
      connections[step.verifier()].how = step.kind();
      long issuedAt = MovedClock.START.toEpochMilli() + 30_000L * step.proof();
      byte[] nonce = Arrays.copyOf(filled(step.proof() + 1), 16);
      try {
        verifiers[step.verifier()].checkWindow(issuedAt);
        verifiers[step.verifier()].look(issuedAt, nonce, HOLDER).claim(SHARE);
        return true;
      } catch (TaperException e) {
        return false;
      }
    }
  }
}
