package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.testing.Refused;
import java.io.IOException;
import java.math.BigInteger;
import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Keys that say two things at once, or say one thing in another form, are refused. */
class Pkcs8Test {
  private static final PrivateKey P256 = PrivateKey.generate(Algorithm.SECP256R1);
  private static final PrivateKey ED25519 = PrivateKey.generate(Algorithm.ED25519);
  private static final AlgorithmIdentifier P256_ID =
      new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256r1);

  @Test
  void decodePrivate_curveNamedTwice_mustBeTheSame() throws IOException {
    assertThat(Pkcs8.decodePrivate(p256(null, SECObjectIdentifiers.secp256r1))).isEqualTo(P256);
    assertThat(Pkcs8.decodePrivate(p256(null, null))).isEqualTo(P256);
    byte[] another = p256(null, SECObjectIdentifiers.secp384r1);

    Refused.with(ErrorCode.INVALID_PEM, "two different curves", () -> Pkcs8.decodePrivate(another));
  }

  /** The public half can stand in two places; in each it must belong to the secret. */
  @Test
  void decodePrivate_publicKeyInEitherPlace_mustBelongToTheSecret() throws IOException {
    byte[] own = P256.publicKey().bytes();
    byte[] other = PrivateKey.generate(Algorithm.SECP256R1).publicKey().bytes();
    byte[] ed25519 = ED25519.publicKey().bytes();
    String said = "does not belong to it";

    assertThat(Pkcs8.decodePrivate(p256(own, null))).isEqualTo(P256);
    byte[] inside = p256(other, null);
    Refused.with(ErrorCode.INVALID_PEM, said, () -> Pkcs8.decodePrivate(inside));
    assertThat(Pkcs8.decodePrivate(ed25519(ed25519))).isEqualTo(ED25519);
    byte[] beside = ed25519(PrivateKey.generate(Algorithm.ED25519).publicKey().bytes());
    Refused.with(ErrorCode.INVALID_PEM, said, () -> Pkcs8.decodePrivate(beside));
  }

  /** BER has many forms of one value; one document has one form here. */
  @Test
  void decode_notDer_isRefused() {
    HexFormat hex = HexFormat.of();
    String publicKey = hex.formatHex(Pkcs8.encodePublic(ED25519.publicKey()));
    String secret = hex.formatHex(Pkcs8.encodePrivate(ED25519));
    assertThat(publicKey).startsWith("302a3005");
    assertThat(secret).startsWith("302e020100");

    for (String other :
        new String[] {
          publicKey.replaceFirst("^302a", "30812a"),
          publicKey.replaceFirst("^302a", "3080") + "0000",
          publicKey + "00",
          publicKey.substring(2),
        }) {
      Refused.with(
          ErrorCode.INVALID_PEM,
          "not a public key in DER",
          () -> Pkcs8.decodePublic(hex.parseHex(other)));
    }
    for (String other :
        new String[] {
          secret.replaceFirst("^302e", "30812e"),
          secret.replaceFirst("^302e", "3080") + "0000",
          secret.replaceFirst("^302e", "302f").replace("04220420", "0423048120"),
          secret + "00",
        }) {
      Refused.with(
          ErrorCode.INVALID_PEM,
          "not a private key in DER",
          () -> Pkcs8.decodePrivate(hex.parseHex(other)));
    }
    Refused.with(ErrorCode.INVALID_PEM, "1024 bytes", () -> Pkcs8.decodePublic(new byte[1025]));
    Refused.with(ErrorCode.INVALID_PEM, "in DER", () -> Pkcs8.decodePublic(new byte[1024]));
    Refused.with(ErrorCode.INVALID_PEM, "in DER", () -> Pkcs8.decodePublic(new byte[0]));
  }

  /** A P-256 key as others write it. */
  private static byte[] p256(byte @Nullable [] publicKey, @Nullable ASN1ObjectIdentifier curve)
      throws IOException {
    ASN1BitString bits = publicKey == null ? null : new DERBitString(publicKey);
    BigInteger secret = new BigInteger(1, P256.secret().exposeCopy());
    ECPrivateKey key =
        bits == null
            ? new ECPrivateKey(256, secret, curve)
            : new ECPrivateKey(256, secret, bits, curve);
    return new PrivateKeyInfo(P256_ID, key).getEncoded("DER");
  }

  /** An Ed25519 key with its public half beside it (RFC 8410, section 7). */
  private static byte[] ed25519(byte[] publicKey) throws IOException {
    return new PrivateKeyInfo(
            new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.3.101.112")),
            new DEROctetString(ED25519.secret().exposeCopy()),
            null,
            publicKey)
        .getEncoded("DER");
  }
}
