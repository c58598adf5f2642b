package dev.taper.agent.memory;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import java.time.Instant;

/**
 * Remembers which proofs were used where the verifier's own memory does not reach: in other
 * processes, or from run to run. It is asked once for a call, after everything else allowed it and
 * {@link ReplayMemory} had not seen its proof. Used from any thread.
 */
public interface ProofUses {
  /**
   * Uses a proof, once. Of several callers at the same time, one at most succeeds.
   *
   * @param nonce the nonce of a proof that is good in time and signature; a proof is known by it
   *     and the holder's key, not by its signature
   * @param issuedAt when the proof was made, to the millisecond
   * @param holder the holder's key
   * @param share whose part of the memory it takes
   * @return false if the proof was used before
   * @throws TaperException {@link ErrorCode#REPLAY_CACHE_FULL} if there is no room to remember it,
   *     {@link ErrorCode#REPLAY_CACHE_UNAVAILABLE} if it cannot be found out; the call is refused
   */
  boolean claim(byte[] nonce, Instant issuedAt, PublicKey holder, MemoryShare share);
}
