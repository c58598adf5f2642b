package dev.taper.crypto;

import dev.taper.CheckReturnValue;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A public key: an algorithm and its bytes. Immutable and thread-safe.
 *
 * <p>Making a key checks what the bytes alone can tell: the length; for Ed25519 a canonical
 * encoding (RFC 8032, 5.1.3) of a point that is not of small order; for P-256 a compressed point
 * (SEC 1, 2.3.4) whose coordinate is in the field. It takes microseconds to find out whether there
 * is a point with that coordinate, and a token names many keys that verify nothing. So this is
 * found out once, at the first verification: a key that is not a point verifies no signature.
 * {@link #parse} and {@link Pem} check at once, by {@link #validate}.
 */
public final class PublicKey {
  private final Algorithm algorithm;
  private final byte[] bytes;
  // Filled by the first verification; a race only computes it twice.
  private volatile @Nullable Decoded decoded;

  private record Decoded(SignatureBackend backend, @Nullable VerificationKey key) {}

  private PublicKey(Algorithm algorithm, byte[] bytes) {
    this.algorithm = algorithm;
    this.bytes = bytes;
  }

  /**
   * Makes a key from its bytes.
   *
   * @param algorithm the algorithm
   * @param bytes 32 bytes for Ed25519, 33 (a compressed point) for P-256
   * @throws TaperException {@link ErrorCode#INVALID_KEY} if they cannot be a valid key
   */
  public static PublicKey of(Algorithm algorithm, byte[] bytes) {
    if (bytes.length != algorithm.publicKeyBytes()) {
      throw new TaperException(
          ErrorCode.INVALID_KEY,
          "a public key for "
              + algorithm.text()
              + " has "
              + algorithm.publicKeyBytes()
              + " bytes, not "
              + bytes.length);
    }
    byte[] copy = bytes.clone();
    boolean possible =
        switch (algorithm) {
          case ED25519 -> Ed25519Encoding.isAcceptablePoint(copy, 0);
          case SECP256R1 -> P256.isCompressedForm(copy);
        };
    if (!possible) {
      throw new TaperException(
          ErrorCode.INVALID_KEY,
          "these bytes are not the encoding of a key for " + algorithm.text());
    }
    return new PublicKey(algorithm, copy);
  }

  /**
   * Reads the text form, such as {@code ed25519/acdd…}; hex digits may be in either case.
   *
   * @throws TaperException {@link ErrorCode#INVALID_KEY} if the text or the key is not valid
   */
  public static PublicKey parse(String text) {
    KeyText parsed = KeyText.parsePublic(text);
    return of(parsed.algorithm(), parsed.bytes()).validate();
  }

  /**
   * Reads a key from a file: the text form, or PEM.
   *
   * @throws TaperException {@link ErrorCode#FILE_UNAVAILABLE} if it cannot be read; {@link
   *     ErrorCode#INVALID_KEY} or {@link ErrorCode#INVALID_PEM} if it is no such key
   */
  public static PublicKey load(Path file) {
    return KeyFiles.publicKey(file);
  }

  /**
   * Checks that the bytes are a point of the curve.
   *
   * @return this key
   * @throws TaperException {@link ErrorCode#INVALID_KEY} if they are not
   */
  public PublicKey validate() {
    boolean point =
        switch (algorithm) {
          case ED25519 -> Ed25519Point.decode(bytes, 0) != null;
          case SECP256R1 -> P256.decode(bytes) != null;
        };
    if (!point) {
      throw new TaperException(
          ErrorCode.INVALID_KEY, "a key for " + algorithm.text() + " is not a point of the curve");
    }
    return this;
  }

  /**
   * Verifies a signature with the {@linkplain SignatureBackend#preferred() preferred} library.
   *
   * @param message what was signed, unhashed
   * @param signature for Ed25519 the 64 bytes R and S; for ECDSA the DER sequence of r and s
   * @return true only if the signature is valid; false also if it or the key is malformed
   */
  @CheckReturnValue
  public boolean verify(byte[] message, byte[] signature) {
    return SignatureBackend.preferred().verify(this, message, signature);
  }

  /** The algorithm. */
  public Algorithm algorithm() {
    return algorithm;
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** An equal key that keeps nothing but its bytes: no form of a library. */
  PublicKey copy() {
    return new PublicKey(algorithm, bytes.clone());
  }

  /** The bytes themselves, for backends, which do not change them. */
  byte[] rawBytes() {
    return bytes;
  }

  /** Returns the key in the library's form; null if the library refuses it. */
  @Nullable VerificationKey verificationKey(SignatureBackend backend) {
    Decoded known = decoded;
    if (known == null || known.backend() != backend) {
      known = new Decoded(backend, backend.decode(this));
      decoded = known;
    }
    return known.key();
  }

  /** The text form, such as {@code ed25519/acdd…}. */
  @Override
  public String toString() {
    return KeyText.printPublic(algorithm, bytes);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof PublicKey other
        && algorithm == other.algorithm
        && Arrays.equals(bytes, other.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * algorithm.wireId() + Arrays.hashCode(bytes);
  }
}
