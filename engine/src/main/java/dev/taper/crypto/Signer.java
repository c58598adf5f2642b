package dev.taper.crypto;

import dev.taper.CheckReturnValue;
import dev.taper.ErrorCode;
import dev.taper.TaperException;

/**
 * Signs with a key: a key in memory, or one that a service or device never lets out.
 * Implementations must be thread-safe, and give out no signature that {@link Signatures#checked}
 * does not pass on.
 */
public interface Signer {
  /** Returns the public half of the key. */
  PublicKey publicKey();

  /**
   * Signs a message.
   *
   * @param message what to sign, unhashed
   * @return for Ed25519 the 64 bytes R and S; for ECDSA the DER sequence of r and s
   * @throws TaperException {@link ErrorCode#SIGNING_FAILED} if the signer cannot sign now
   */
  @CheckReturnValue
  byte[] sign(byte[] message);
}
