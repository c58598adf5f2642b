package dev.taper.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The digest inside of Ed25519. */
final class Sha512 {
  /**
   * Kept for each thread, because looking one up and making it takes as long as hashing a message.
   * The platform's own, because it has instructions of the processor for it.
   */
  private static final ThreadLocal<MessageDigest> KEPT = ThreadLocal.withInitial(Sha512::make);

  private Sha512() {}

  private static MessageDigest make() {
    try {
      return MessageDigest.getInstance("SHA-512");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-512", e);
    }
  }

  /** Returns the challenge of a signature, SHA-512(R, A, M): 64 bytes. */
  static byte[] challenge(byte[] signature, byte[] key, byte[] message) {
    MessageDigest digest = KEPT.get();
    digest.reset(); // of what a call that failed left
    digest.update(signature, 0, Ed25519Field.BYTES);
    digest.update(key);
    return digest.digest(message);
  }
}
