package dev.taper.agent.request;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;

/**
 * Remembers which proofs were used where the verifier's own memory does not reach: in other
 * processes, or from run to run. It is asked once for a call, after everything else allowed it and
 * {@link ReplayCache} had not seen its proof. Used from any thread.
 */
public interface ProofUses {
  /**
   * Uses a proof, once. Of several callers at the same time, one at most succeeds.
   *
   * @param proof a proof that is good in time and signature; known by its nonce and the holder's
   *     key, not by its signature
   * @param holder the holder's key
   * @param share whose part of the memory it takes
   * @return false if the proof was used before
   * @throws TaperException {@link ErrorCode#REPLAY_CACHE_FULL} if there is no room to remember it,
   *     {@link ErrorCode#REPLAY_CACHE_UNAVAILABLE} if it cannot be found out; the call is refused
   */
  boolean claim(Proof proof, PublicKey holder, MemoryShare share);
}
