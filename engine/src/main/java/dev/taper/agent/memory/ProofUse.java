package dev.taper.agent.memory;

import dev.taper.crypto.Digests;
import dev.taper.crypto.PublicKey;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;

/**
 * The use of a holder's proof, which is good for one call.
 *
 * @param id names the proof among those of all holders: 64 hex digits
 * @param issuedAt when the proof says that it was made, to the millisecond
 * @param until the first moment at which the verifier no longer accepts it, so that its use need no
 *     longer be remembered
 */
public record ProofUse(String id, Instant issuedAt, Instant until) {
  /**
   * The use of a proof, which is known by its nonce and the holder's key. Its signature does not
   * count, because ECDSA has two signatures for everything signed.
   *
   * @param nonce the proof's nonce
   * @param holder the key that signed it
   * @param issuedAt when it was made
   * @param until the first moment at which it is no longer accepted
   */
  public static ProofUse of(byte[] nonce, PublicKey holder, Instant issuedAt, Instant until) {
    return of(id(nonce, holder), issuedAt, until);
  }

  static ProofUse of(byte[] id, Instant issuedAt, Instant until) {
    return new ProofUse(HexFormat.of().formatHex(id), issuedAt, until);
  }

  /** The id as bytes. */
  static byte[] id(byte[] nonce, PublicKey holder) {
    byte[] key = holder.bytes();
    ByteBuffer input =
        ByteBuffer.allocate(nonce.length + 1 + key.length)
            .put(nonce)
            .put((byte) holder.algorithm().wireId())
            .put(key);
    return Digests.sha256(input.array());
  }
}
