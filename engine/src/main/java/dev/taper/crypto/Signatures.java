package dev.taper.crypto;

import dev.taper.ErrorCode;
import dev.taper.TaperException;

/** Answers what can be said about a signature without its key. */
public final class Signatures {
  private Signatures() {}

  /**
   * True if bytes have the form of a signature: for Ed25519, 64 bytes; for ECDSA, strict DER of two
   * integers in 1..n-1. A signature without that form is malformed rather than invalid.
   */
  public static boolean isWellFormed(Algorithm algorithm, byte[] signature) {
    return switch (algorithm) {
      case ED25519 -> signature.length == Ed25519Encoding.SIGNATURE_BYTES;
      case SECP256R1 -> EcdsaSignature.parse(signature) != null;
    };
  }

  /**
   * Returns the bytes by which a signed block is revoked. They are the same for every signature
   * that anybody could make from this one without the key. An ECDSA signature (r, s) is as valid as
   * (r, n-s), so the form with the smaller s stands for both; an Ed25519 signature stands for
   * itself.
   *
   * @throws TaperException {@link ErrorCode#MALFORMED_SIGNATURE} if it is not well-formed
   */
  public static byte[] revocationKey(Algorithm algorithm, byte[] signature) {
    switch (algorithm) {
      case ED25519 -> {
        if (signature.length == Ed25519Encoding.SIGNATURE_BYTES) {
          return signature.clone();
        }
      }
      case SECP256R1 -> {
        EcdsaSignature parsed = EcdsaSignature.parse(signature);
        if (parsed != null) {
          return parsed.lowS().toDer();
        }
      }
    }
    throw new TaperException(
        ErrorCode.MALFORMED_SIGNATURE, "not the form of a signature by " + algorithm.text());
  }
}
