package dev.taper.benchmarks;

/** An implementation under measurement, for one thread. */
interface Peer {
  /**
   * Decodes a token, verifies all its signatures and authorizes it.
   *
   * @param token the bytes
   * @return the index of the allow policy that matched
   * @throws IllegalStateException if the token is not allowed
   */
  int authorize(byte[] token);
}
