package dev.taper.agent.memory;

import dev.taper.CheckReturnValue;
import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.TaperException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which proofs were used, each until its window ends. "Once" means once among all
 * verifiers that share the memory; {@link InMemoryReplayMemory} is for one process. What it holds
 * is bounded, and shared by {@link MemoryFill}: it never forgets what could still be used, and
 * refuses when it is full. The window and the clock are the verifier's ({@link AcceptedProofs}).
 * Used from any thread. A memory that may wait gives up at {@link dev.taper.Deadline#current}, with
 * {@link ErrorCode#REPLAY_CACHE_UNAVAILABLE}.
 */
public interface ReplayMemory {
  /**
   * True if this process knows by itself that a proof was used. Nothing is claimed, and a memory
   * that others share is not asked, only at the {@linkplain #claim claim}. By default false.
   */
  default boolean known(ProofUse use) {
    return false;
  }

  /**
   * Uses a proof, once. Of several callers at the same time, one at most succeeds. A memory that
   * has forgotten proofs which were made as late as this one, because they had ended by another
   * clock or in another window, takes it for used.
   *
   * @param use a proof that is good in time and signature
   * @param share whose part of the memory it takes
   * @param now the verifier's time: what ended by then may be forgotten
   * @return false if the proof was used before
   * @throws TaperException {@link ErrorCode#REPLAY_CACHE_FULL} if there is no room to remember it,
   *     {@link ErrorCode#REPLAY_CACHE_UNAVAILABLE} if it cannot be found out; the call is refused
   */
  @CheckReturnValue
  boolean claim(ProofUse use, MemoryShare share, Instant now);

  /** How full the memory is, without asking another process; null if that is not known. */
  default @Nullable Fill fill() {
    return null;
  }
}
