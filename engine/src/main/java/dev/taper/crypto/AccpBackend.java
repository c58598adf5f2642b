package dev.taper.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Amazon Corretto Crypto Provider: native code, two to three times as fast as pure Java.
 *
 * <p>It is used when its jar is on the class path, its library loads on this platform and known
 * signatures come out right; it is never installed as a provider of the whole process. It has no
 * Ed25519 key factory, but takes keys of other providers in their encoding. P-256 signatures are
 * still made by Bouncy Castle, because here they would be random.
 *
 * <p>A {@link Signature} is mutable, and making one costs 1 kB, so each thread keeps one for each
 * algorithm. It holds no secret.
 */
final class AccpBackend extends SignatureBackend {
  private static final String PROVIDER =
      "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";
  private static final Logger LOG = LoggerFactory.getLogger(AccpBackend.class);

  private final Provider provider;
  private final KeyFactory ed25519Keys;

  /** The longest message that the library takes for Ed25519, in bytes; it gathers all of it. */
  private static final int MAX_MESSAGE_BYTES = 1 << 20;

  private final KeyFactory p256Keys;
  private final ThreadLocal<Signature> ed25519Verifiers;
  private final ThreadLocal<Signature> p256Verifiers;
  private final @Nullable AccpDerivation derivation;

  private AccpBackend(Provider provider) throws GeneralSecurityException {
    this.provider = provider;
    this.ed25519Keys = KeyFactory.getInstance("Ed25519");
    this.p256Keys = KeyFactory.getInstance("EC", provider);
    this.ed25519Verifiers = ThreadLocal.withInitial(() -> signature("Ed25519"));
    this.p256Verifiers = ThreadLocal.withInitial(() -> signature("SHA256withECDSA"));
    this.derivation = AccpDerivation.of(provider);
  }

  /** Returns the backend; null if it is missing or does not work here, which is logged. */
  static @Nullable AccpBackend load() {
    try {
      Class<?> type = Class.forName(PROVIDER);
      return of((Provider) type.getDeclaredConstructor().newInstance());
    } catch (ClassNotFoundException e) {
      LOG.debug("{} is not on the class path", PROVIDER);
    } catch (GeneralSecurityException
        | ReflectiveOperationException
        | LinkageError
        | TaperException e) {
      LOG.warn("{} does not work here and is not used: {}", PROVIDER, e.toString());
    }
    return null;
  }

  /** The backend of this provider; null if its answers are not right, which is logged. */
  static @Nullable AccpBackend of(Provider provider) throws GeneralSecurityException {
    AccpBackend backend = new AccpBackend(provider);
    if (backend.knownAnswersAreRight()) {
      return backend;
    }
    LOG.warn("{} fails its self-test and is not used", provider);
    return null;
  }

  private boolean knownAnswersAreRight() {
    // RFC 8032, 7.1, test 2; RFC 6979, A.2.5, SHA-256, "sample".
    byte[] empty = new byte[0];
    byte[] ed25519Message = {0x72};
    byte[] ed25519 =
        HexFormat.of()
            .parseHex(
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                    + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    byte[] p256Message = "sample".getBytes(US_ASCII);
    byte[] p256 =
        HexFormat.of()
            .parseHex(
                "3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                    + "022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
    PublicKey ed25519Key =
        PublicKey.of(
            Algorithm.ED25519,
            HexFormat.of()
                .parseHex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
    PublicKey p256Key =
        PublicKey.of(
            Algorithm.SECP256R1,
            HexFormat.of()
                .parseHex("0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"));
    return verify(ed25519Key, ed25519Message, ed25519)
        && !verify(ed25519Key, empty, ed25519)
        && verify(p256Key, p256Message, p256)
        && !verify(p256Key, empty, p256);
  }

  private Signature signature(String algorithm) {
    try {
      return Signature.getInstance(algorithm, provider);
    } catch (GeneralSecurityException e) {
      throw new TaperException(ErrorCode.SIGNING_FAILED, "no " + algorithm + " in " + provider, e);
    }
  }

  @Override
  public String name() {
    return "accp";
  }

  @Override
  @Nullable VerificationKey decode(PublicKey key) {
    return switch (key.algorithm()) {
      case ED25519 -> {
        EncodedKey encoded = new EncodedKey(concat(Spki.ED25519_PREFIX, key.rawBytes()));
        yield (message, signature) ->
            message.length > MAX_MESSAGE_BYTES
                ? bouncyCastle().verify(key, message, signature)
                : verify(ed25519Verifiers.get(), encoded, message, signature);
      }
      case SECP256R1 -> p256(key);
    };
  }

  private @Nullable VerificationKey p256(PublicKey key) {
    try {
      var spec = new X509EncodedKeySpec(concat(Spki.P256_PREFIX, key.rawBytes()));
      var decoded = p256Keys.generatePublic(spec);
      return (message, signature) -> verify(p256Verifiers.get(), decoded, message, signature);
    } catch (InvalidKeySpecException e) {
      return null;
    }
  }

  /**
   * An Ed25519 key in its encoded form. The library decodes every key itself. Having the JDK decode
   * and encode it first would take 0.7 µs of a verification's 37 and gain nothing.
   */
  private static final class EncodedKey implements java.security.PublicKey {
    private static final long serialVersionUID = 1;

    private final byte[] encoded;

    EncodedKey(byte[] encoded) {
      this.encoded = encoded;
    }

    @Override
    public String getAlgorithm() {
      return "EdDSA";
    }

    @Override
    public String getFormat() {
      return "X.509";
    }

    @Override
    public byte[] getEncoded() {
      return encoded.clone();
    }
  }

  private static boolean verify(
      Signature verifier, java.security.PublicKey key, byte[] message, byte[] signature) {
    try {
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (InvalidKeyException | SignatureException | RuntimeException e) {
      // Anything but a plain yes from the provider is a no.
      return false;
    }
  }

  @Override
  PublicKey derive(Algorithm algorithm, byte[] secret) {
    byte[] bytes = null;
    if (algorithm == Algorithm.ED25519 && derivation != null) {
      byte[] encoded = concat(Spki.ED25519_SECRET_PREFIX, secret);
      bytes = derivation.derive(encoded);
      Arrays.fill(encoded, (byte) 0);
    }
    return bytes == null
        ? bouncyCastle().derive(algorithm, secret)
        : PublicKey.of(algorithm, bytes);
  }

  @Override
  byte[] sign(PublicKey key, byte[] secret, byte[] message) {
    if (key.algorithm() != Algorithm.ED25519 || message.length > MAX_MESSAGE_BYTES) {
      return bouncyCastle().sign(key, secret, message);
    }
    byte[] encoded = concat(Spki.ED25519_SECRET_PREFIX, secret);
    try {
      // A new one, because a kept one would hold the secret.
      Signature signer = signature("Ed25519");
      signer.initSign(ed25519Keys.generatePrivate(new PKCS8EncodedKeySpec(encoded)));
      signer.update(message);
      return signer.sign();
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new TaperException(ErrorCode.SIGNING_FAILED, "the native library cannot sign", e);
    } finally {
      Arrays.fill(encoded, (byte) 0);
    }
  }

  private static byte[] concat(byte[] prefix, byte[] bytes) {
    byte[] both = Arrays.copyOf(prefix, prefix.length + bytes.length);
    System.arraycopy(bytes, 0, both, prefix.length, bytes.length);
    return both;
  }
}
