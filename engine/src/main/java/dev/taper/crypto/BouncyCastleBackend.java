package dev.taper.crypto;

import java.math.BigInteger;
import java.util.Objects;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jspecify.annotations.Nullable;

/** Uses Bouncy Castle's light-weight API: pure Java, on every platform. */
final class BouncyCastleBackend extends SignatureBackend {
  static final BouncyCastleBackend INSTANCE = new BouncyCastleBackend();

  private BouncyCastleBackend() {}

  @Override
  public String name() {
    return "bouncycastle";
  }

  @Override
  @Nullable VerificationKey decode(PublicKey key) {
    return switch (key.algorithm()) {
      case ED25519 -> Ed25519Verification.of(key.rawBytes());
      case SECP256R1 -> decodeP256(key.rawBytes());
    };
  }

  private static @Nullable VerificationKey decodeP256(byte[] bytes) {
    ECPoint point = P256.decode(bytes);
    if (point == null) {
      return null;
    }
    ECPublicKeyParameters parameters = new ECPublicKeyParameters(point, P256.DOMAIN);
    return (message, signature) -> {
      EcdsaSignature parsed = Objects.requireNonNull(EcdsaSignature.parse(signature));
      ECDSASigner verifier = new ECDSASigner();
      verifier.init(false, parameters);
      return verifier.verifySignature(sha256(message), parsed.r(), parsed.s());
    };
  }

  @Override
  PublicKey derive(Algorithm algorithm, byte[] secret) {
    byte[] bytes =
        switch (algorithm) {
          case ED25519 -> {
            byte[] encoded = new byte[Ed25519.PUBLIC_KEY_SIZE];
            Ed25519.generatePublicKey(secret, 0, encoded, 0);
            yield encoded;
          }
          case SECP256R1 ->
              new FixedPointCombMultiplier()
                  .multiply(P256.DOMAIN.getG(), new BigInteger(1, secret))
                  .normalize()
                  .getEncoded(true);
        };
    return PublicKey.of(algorithm, bytes);
  }

  @Override
  byte[] sign(PublicKey key, byte[] secret, byte[] message) {
    return switch (key.algorithm()) {
      case ED25519 -> {
        byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
        Ed25519.sign(secret, 0, key.rawBytes(), 0, message, 0, message.length, signature, 0);
        yield signature;
      }
      case SECP256R1 -> {
        // Deterministic (RFC 6979), so no random number can go wrong, and signatures can be tested.
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, new ECPrivateKeyParameters(new BigInteger(1, secret), P256.DOMAIN));
        BigInteger[] rs = signer.generateSignature(sha256(message));
        yield new EcdsaSignature(rs[0], rs[1]).lowS().toDer();
      }
    };
  }

  private static byte[] sha256(byte[] message) {
    SHA256Digest digest = new SHA256Digest();
    digest.update(message, 0, message.length);
    byte[] hash = new byte[digest.getDigestSize()];
    digest.doFinal(hash, 0);
    return hash;
  }
}
