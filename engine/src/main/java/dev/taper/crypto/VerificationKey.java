package dev.taper.crypto;

/** A public key in the form of one library. Immutable and thread-safe. */
@FunctionalInterface
interface VerificationKey {
  /**
   * Evaluates the verification equation.
   *
   * @param signature a signature that has passed the shared checks of its form
   */
  boolean verify(byte[] message, byte[] signature);
}
