package dev.taper.crypto;

import dev.taper.CheckReturnValue;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.util.concurrent.atomic.LongAdder;

/** Answers what can be said about a signature without its key, and verifies several signatures. */
public final class Signatures {
  /** The longest signature, in bytes. */
  public static final int MAX_BYTES = EcdsaSignature.MAX_BYTES;

  private static final LongAdder VERIFICATIONS = new LongAdder();

  private Signatures() {}

  /** How many signatures this process has verified by a key, whatever came of it. */
  public static long verifications() {
    return VERIFICATIONS.sum();
  }

  /** Counts a signature that costs the work of verifying it. */
  static void count() {
    VERIFICATIONS.increment();
  }

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

  /** True if a signature can have so many bytes; {@link #isWellFormed} looks at them, too. */
  public static boolean canHave(int bytes, Algorithm algorithm) {
    return algorithm == Algorithm.ED25519
        ? bytes == Ed25519Encoding.SIGNATURE_BYTES
        : bytes >= EcdsaSignature.MIN_BYTES && bytes <= MAX_BYTES;
  }

  /**
   * Signs a message; no signature is made that no reader would take for one.
   *
   * @return the signature, a new array
   * @throws TaperException {@link ErrorCode#SIGNING_FAILED} if the signer's has another length
   */
  public static byte[] sign(Signer signer, byte[] message) {
    byte[] signature = signer.sign(message);
    if (!canHave(signature.length, signer.publicKey().algorithm())) {
      throw new TaperException(
          ErrorCode.SIGNING_FAILED,
          "the signer made a signature of " + signature.length + " bytes");
    }
    return signature.clone();
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

  /**
   * Returns a signature as a {@link Signer} gives it out: checked, and of the two forms of an ECDSA
   * signature the one with the smaller s. A signer whose key lies in a device or a service passes
   * on through here what it is answered, so that another key or a wrong answer makes no token that
   * nobody can use.
   *
   * @param key the key that should have signed
   * @param message what should have been signed, unhashed
   * @param signature for Ed25519 the 64 bytes R and S; for ECDSA the DER sequence of r and s
   * @throws TaperException {@link ErrorCode#SIGNING_FAILED} if it is not a signature of the message
   *     by the key
   */
  @CheckReturnValue
  public static byte[] checked(PublicKey key, byte[] message, byte[] signature) {
    if (!key.verify(message, signature)) {
      throw new TaperException(ErrorCode.SIGNING_FAILED, "the signature is not by " + key);
    }
    return revocationKey(key.algorithm(), signature);
  }

  /**
   * Verifies signatures one after the other, up to the first invalid one. It says the same of each
   * as {@link PublicKey#verify}. Neighbours by {@linkplain KnownKeys known keys} cost less together
   * than alone. For one thread.
   */
  public static final class Batch {
    private final SignatureBackend backend;
    private final KnownKeys known;
    private final KnownSignatures waiting = new KnownSignatures();
    private int added;
    private int invalid = -1;

    private Batch(SignatureBackend backend, KnownKeys known) {
      this.backend = backend;
      this.known = known;
    }

    /**
     * Makes an empty batch for the {@linkplain SignatureBackend#preferred() preferred} library.
     *
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if there is none
     */
    public static Batch preferred() {
      return of(SignatureBackend.preferred(), KnownKeys.ofProcess());
    }

    static Batch of(SignatureBackend backend, KnownKeys known) {
      return new Batch(backend, known);
    }

    /**
     * Adds a signature. Nothing is computed for it if one before it is known to be invalid.
     *
     * @param key the signer's key
     * @param message what was signed, unhashed, which must not be changed any more
     * @param signature for Ed25519 the 64 bytes R and S; for ECDSA the DER sequence of r and s; it
     *     must not be changed any more
     * @return false if it or one before it is invalid; true says nothing yet
     */
    public boolean add(PublicKey key, byte[] message, byte[] signature) {
      if (invalid >= 0) {
        return false;
      }
      KnownKey table = known.find(key);
      if (table != null && SignatureBackend.isAcceptable(key, signature)) {
        count();
        waiting.add(table, message, signature);
        added++;
        return waiting.count() < KnownSignatures.MAX || judge();
      }
      if (judge()) {
        invalid = backend.verify(key, message, signature) ? -1 : added;
        added++;
      }
      return invalid < 0;
    }

    /**
     * Verifies what is left.
     *
     * @return the index of the first invalid signature, in the order of {@link #add}; -1 if all are
     *     valid
     */
    @CheckReturnValue
    public int firstInvalid() {
      var unused = judge();
      return invalid;
    }

    /** Judges what waits; false if something is invalid. */
    private boolean judge() {
      int first = added - waiting.count();
      int wrong = waiting.firstInvalid();
      if (wrong >= 0) {
        invalid = first + wrong;
      }
      return invalid < 0;
    }
  }
}
