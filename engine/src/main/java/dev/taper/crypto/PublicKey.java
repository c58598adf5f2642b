package dev.taper.crypto;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.util.Arrays;
import java.util.HexFormat;

/** A public key: an algorithm and its bytes. Immutable and thread-safe. */
public final class PublicKey {
  private final Algorithm algorithm;
  private final byte[] bytes;

  private PublicKey(Algorithm algorithm, byte[] bytes) {
    this.algorithm = algorithm;
    this.bytes = bytes;
  }

  /**
   * Makes a key of its bytes.
   *
   * @param algorithm the algorithm
   * @param bytes 32 bytes for Ed25519, 33 (a compressed point) for P-256
   * @throws TaperException {@link ErrorCode#INVALID_KEY} if they are not a valid key
   */
  public static PublicKey of(Algorithm algorithm, byte[] bytes) {
    int expected = algorithm == Algorithm.ED25519 ? 32 : 33;
    if (bytes.length != expected) {
      throw new TaperException(
          ErrorCode.INVALID_KEY,
          "a public key for "
              + algorithm.text()
              + " has "
              + expected
              + " bytes, not "
              + bytes.length);
    }
    return new PublicKey(algorithm, bytes.clone());
  }

  /** The algorithm. */
  public Algorithm algorithm() {
    return algorithm;
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The text form, such as {@code ed25519/acdd…}. */
  @Override
  public String toString() {
    return algorithm.text() + "/" + HexFormat.of().formatHex(bytes);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof PublicKey other
        && algorithm == other.algorithm
        && Arrays.equals(bytes, other.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * algorithm.hashCode() + Arrays.hashCode(bytes);
  }
}
