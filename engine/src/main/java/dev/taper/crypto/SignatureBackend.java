package dev.taper.crypto;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A library that computes signatures. All backends accept and refuse exactly the same signatures:
 * the form of keys and signatures is checked here, before any backend sees them, and each backend
 * verifies Ed25519 by the equation without cofactor. So do {@link KnownKeys}, which verify in their
 * place what they can. Immutable and thread-safe.
 */
public abstract sealed class SignatureBackend permits AccpBackend, BouncyCastleBackend {
  SignatureBackend() {}

  /**
   * Returns the backend that {@link PublicKey#verify} uses: the fastest one that works here, or the
   * one that the system property {@code taper.crypto.backend} names ({@code accp} or {@code
   * bouncycastle}).
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the property does not name a
   *     backend that works here; there is no silent fall-back
   */
  public static SignatureBackend preferred() {
    return Backends.preferred();
  }

  /** Returns the backend of Bouncy Castle, in pure Java; always available. */
  public static SignatureBackend bouncyCastle() {
    return BouncyCastleBackend.INSTANCE;
  }

  /**
   * Returns every backend that works here, the fastest first, whatever the system property says.
   */
  public static List<SignatureBackend> available() {
    return Backends.available();
  }

  /** A short name in lower case. */
  public abstract String name();

  /**
   * Verifies a signature.
   *
   * @param key the signer's key
   * @param message what was signed, unhashed
   * @param signature for Ed25519 the 64 bytes R and S; for ECDSA the DER sequence of r and s
   * @return true only if the signature is valid; false also if it or the key is malformed
   */
  public final boolean verify(PublicKey key, byte[] message, byte[] signature) {
    if (!isAcceptable(key, signature)) {
      return false;
    }
    Signatures.count();
    KnownKey known = KnownKeys.ofProcess().find(key);
    VerificationKey decoded = known != null ? known : key.verificationKey(this);
    return decoded != null && decoded.verify(message, signature);
  }

  /** True if a signature has the form that this key's signatures have. */
  static boolean isAcceptable(PublicKey key, byte[] signature) {
    return switch (key.algorithm()) {
      case ED25519 -> Ed25519Encoding.isAcceptableSignature(signature);
      case SECP256R1 -> EcdsaSignature.parse(signature) != null;
    };
  }

  /**
   * Returns the key in this library's form; null if the library refuses it because it is not a
   * point.
   */
  abstract @Nullable VerificationKey decode(PublicKey key);

  /** Derives the public half of a secret that has been checked. */
  abstract PublicKey derive(Algorithm algorithm, byte[] secret);

  /** Signs with a secret that has been checked, and makes the same signature every time. */
  abstract byte[] sign(PublicKey key, byte[] secret, byte[] message);

  @Override
  public String toString() {
    return name();
  }
}
