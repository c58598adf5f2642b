package dev.taper.crypto;

import org.jspecify.annotations.Nullable;

/** A signature algorithm. */
public enum Algorithm {
  /** Ed25519 (RFC 8032), verified strictly and without cofactor. */
  ED25519("ed25519", 0, 32),
  /** ECDSA with SHA-256 over P-256 (secp256r1). */
  SECP256R1("secp256r1", 1, 33);

  /** Bytes of a secret key, the same for every algorithm. */
  static final int SECRET_BYTES = 32;

  private final String text;
  private final int wireId;
  private final int publicKeyBytes;

  Algorithm(String text, int wireId, int publicKeyBytes) {
    this.text = text;
    this.wireId = wireId;
    this.publicKeyBytes = publicKeyBytes;
  }

  /** The name in key texts, such as {@code ed25519}. */
  public String text() {
    return text;
  }

  /** The number in the wire format. */
  public int wireId() {
    return wireId;
  }

  /** How many bytes a public key has. */
  public int publicKeyBytes() {
    return publicKeyBytes;
  }

  /**
   * The algorithm with this number in the wire format.
   *
   * @return null if there is none
   */
  public static @Nullable Algorithm ofWireId(long wireId) {
    return wireId == 0 ? ED25519 : wireId == 1 ? SECP256R1 : null;
  }

  /**
   * The algorithm with this name, in lower case as in key texts.
   *
   * @return null if there is none
   */
  public static @Nullable Algorithm ofText(String text) {
    return switch (text) {
      case "ed25519" -> ED25519;
      case "secp256r1" -> SECP256R1;
      default -> null;
    };
  }
}
