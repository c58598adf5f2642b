package dev.taper.crypto;

import java.util.HexFormat;

/** Holds the fixed DER before a key's bytes (RFC 5280 and 5480, RFC 8410). */
final class Spki {
  /** SubjectPublicKeyInfo of an Ed25519 key. */
  static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  /** SubjectPublicKeyInfo of a compressed point of P-256. */
  static final byte[] P256_PREFIX =
      HexFormat.of().parseHex("3039301306072a8648ce3d020106082a8648ce3d030107032200");

  /** PrivateKeyInfo (PKCS #8) of an Ed25519 seed. */
  static final byte[] ED25519_SECRET_PREFIX =
      HexFormat.of().parseHex("302e020100300506032b657004220420");

  private Spki() {}
}
