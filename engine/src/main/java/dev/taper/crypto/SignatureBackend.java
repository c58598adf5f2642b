package dev.taper.crypto;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A library that computes signatures. All backends accept and refuse exactly the same signatures:
 * the form of keys and signatures is checked here, before any of them, and Ed25519 is verified by
 * the equation without cofactor in each. Immutable and thread-safe.
 */
public abstract sealed class SignatureBackend permits AccpBackend, BouncyCastleBackend {
  SignatureBackend() {}

  /**
   * The backend that {@link PublicKey#verify} uses: the fastest one that works here, or the one
   * that the system property {@code taper.crypto.backend} names ({@code accp} or {@code
   * bouncycastle}).
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the property names none that works
   *     here; there is no silent fall-back
   */
  public static SignatureBackend preferred() {
    return Backends.preferred();
  }

  /** Bouncy Castle, in pure Java; always available. */
  public static SignatureBackend bouncyCastle() {
    return BouncyCastleBackend.INSTANCE;
  }

  /** Every backend that works here, the fastest first, whatever the system property says. */
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
    boolean acceptable =
        switch (key.algorithm()) {
          case ED25519 -> Ed25519Encoding.isAcceptableSignature(signature);
          case SECP256R1 -> EcdsaSignature.parse(signature) != null;
        };
    if (!acceptable) {
      return false;
    }
    VerificationKey decoded = key.verificationKey(this);
    return decoded != null && decoded.verify(message, signature);
  }

  /** The key in this library's form, or null if the library refuses it as no point. */
  abstract @Nullable VerificationKey decode(PublicKey key);

  /** The public half of a secret that has been checked. */
  abstract PublicKey derive(Algorithm algorithm, byte[] secret);

  /** Signs with a secret that has been checked, the same signature every time. */
  abstract byte[] sign(PublicKey key, byte[] secret, byte[] message);

  @Override
  public String toString() {
    return name();
  }
}
