package dev.taper.crypto;

/** A signature algorithm. */
public enum Algorithm {
  /** Ed25519 (RFC 8032), verified strictly and without cofactor. */
  ED25519("ed25519", 0),
  /** ECDSA with SHA-256 over P-256 (secp256r1). */
  SECP256R1("secp256r1", 1);

  private final String text;
  private final int wireId;

  Algorithm(String text, int wireId) {
    this.text = text;
    this.wireId = wireId;
  }

  /** The name in key texts, such as {@code ed25519}. */
  public String text() {
    return text;
  }

  /** The number in the wire format. */
  public int wireId() {
    return wireId;
  }
}
