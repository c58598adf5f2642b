package dev.taper.crypto;

import dev.taper.ErrorCode;
import dev.taper.TaperException;

/**
 * Whoever can sign with a key: a key in memory, or a service or device that never lets it out.
 * Implementations must be safe to use from several threads.
 */
public interface Signer {
  /** The public half of the key. */
  PublicKey publicKey();

  /**
   * Signs a message.
   *
   * @param message what to sign, unhashed
   * @return for Ed25519 the 64 bytes R and S; for ECDSA the DER sequence of r and s
   * @throws TaperException {@link ErrorCode#SIGNING_FAILED} if the signer cannot sign now
   */
  byte[] sign(byte[] message);
}
