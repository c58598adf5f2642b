package dev.taper.crypto;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Objects;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.math.ec.ECPoint;
import org.jspecify.annotations.Nullable;

/**
 * Keys as DER: SubjectPublicKeyInfo (RFC 5280, 5480, 8410) and PKCS #8 (RFC 5958, 5915, 8410).
 *
 * <p>The size, and with it the nesting, is bounded before Bouncy Castle reads the bytes.
 */
final class Pkcs8 {
  private static final AlgorithmIdentifier ED25519_ID =
      new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.3.101.112"));
  private static final AlgorithmIdentifier P256_ID =
      new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256r1);

  private static final int MAX_BYTES = 1024;
  private static final int UNCOMPRESSED_BYTES = 65;

  private Pkcs8() {}

  /** Reads one value in DER, and nothing else. */
  static ASN1Primitive readDer(byte[] der) throws IOException {
    if (der.length > MAX_BYTES) {
      throw Pem.invalid("a key in DER has at most " + MAX_BYTES + " bytes", null);
    }
    ASN1Primitive value = ASN1Primitive.fromByteArray(der);
    if (value == null || !Arrays.equals(value.getEncoded(ASN1Encoding.DER), der)) {
      throw new IOException("not DER");
    }
    return value;
  }

  static byte[] writeDer(ASN1Object value) {
    try {
      return value.getEncoded(ASN1Encoding.DER);
    } catch (IOException e) {
      throw Pem.invalid("a key cannot be encoded", e);
    }
  }

  private static Algorithm algorithm(AlgorithmIdentifier identifier) {
    if (identifier.equals(ED25519_ID)) {
      return Algorithm.ED25519;
    }
    if (identifier.equals(P256_ID)) {
      return Algorithm.SECP256R1;
    }
    throw Pem.invalid(
        "the key is neither for Ed25519 nor for the named curve P-256: "
            + identifier.getAlgorithm().getId(),
        null);
  }

  static PublicKey decodePublic(byte[] der) {
    Algorithm algorithm;
    byte[] bits;
    try {
      SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(readDer(der));
      algorithm = algorithm(info.getAlgorithm());
      bits = info.getPublicKeyData().getOctets();
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      throw Pem.invalid("not a public key in DER", e);
    }
    return publicKey(algorithm, bits).validate();
  }

  private static PublicKey publicKey(Algorithm algorithm, byte[] bits) {
    if (algorithm == Algorithm.SECP256R1 && bits.length == UNCOMPRESSED_BYTES && bits[0] == 4) {
      ECPoint point = P256.decode(bits);
      if (point != null) {
        return PublicKey.of(algorithm, point.getEncoded(true));
      }
    }
    return PublicKey.of(algorithm, bits);
  }

  static byte[] encodePublic(PublicKey key) {
    return writeDer(
        switch (key.algorithm()) {
          case ED25519 -> new SubjectPublicKeyInfo(ED25519_ID, key.rawBytes());
          case SECP256R1 -> new SubjectPublicKeyInfo(P256_ID, uncompressed(key));
        });
  }

  private static byte[] uncompressed(PublicKey key) {
    return Objects.requireNonNull(P256.decode(key.rawBytes())).getEncoded(false);
  }

  static PrivateKey decodePrivate(byte[] der) {
    Algorithm algorithm;
    byte[] secret;
    byte @Nullable [] storedBits;
    try {
      PrivateKeyInfo info = PrivateKeyInfo.getInstance(readDer(der));
      algorithm = algorithm(info.getPrivateKeyAlgorithm());
      ASN1Primitive content = readDer(info.getPrivateKey().getOctets());
      ASN1BitString stored = info.getPublicKeyData();
      switch (algorithm) {
        case ED25519 -> secret = ASN1OctetString.getInstance(content).getOctets();
        case SECP256R1 -> {
          ECPrivateKey key = ECPrivateKey.getInstance(content);
          ASN1Object curve = key.getParametersObject();
          if (curve != null && !curve.equals(SECObjectIdentifiers.secp256r1)) {
            throw Pem.invalid("the private key names two different curves", null);
          }
          secret = key.getPrivateKey().getOctets();
          stored = stored == null ? key.getPublicKey() : stored;
        }
        default -> throw new IllegalStateException(algorithm.text());
      }
      storedBits = stored == null ? null : stored.getOctets();
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      // The cause is left out: its message may quote the secret.
      throw Pem.invalid("not a private key in DER", null);
    }
    PrivateKey key = PrivateKey.of(algorithm, secret);
    Arrays.fill(secret, (byte) 0);
    if (storedBits != null && !publicKey(algorithm, storedBits).equals(key.publicKey())) {
      throw Pem.invalid("the public key stored with a private key does not belong to it", null);
    }
    return key;
  }

  static byte[] encodePrivate(PrivateKey key) {
    byte[] secret = key.secret().exposeCopy();
    try {
      return writeDer(
          switch (key.algorithm()) {
            case ED25519 -> new PrivateKeyInfo(ED25519_ID, new DEROctetString(secret));
            case SECP256R1 ->
                new PrivateKeyInfo(
                    P256_ID,
                    new ECPrivateKey(
                        Byte.SIZE * secret.length,
                        new BigInteger(1, secret),
                        new DERBitString(uncompressed(key.publicKey())),
                        null));
          });
    } catch (IOException e) {
      throw Pem.invalid("a key cannot be encoded", null);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }
}
