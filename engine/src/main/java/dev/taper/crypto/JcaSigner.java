package dev.taper.crypto;

import dev.taper.CheckReturnValue;
import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Signature;
import org.jspecify.annotations.Nullable;

/**
 * Signs with a key of any JCA provider, such as a PKCS #11 token or a key service, whose secret
 * never comes here. Immutable; thread-safe as far as the provider is.
 *
 * <p>Every signature is {@linkplain Signatures#checked checked} before it is given out.
 */
@CheckReturnValue
public final class JcaSigner implements Signer {
  private final java.security.PrivateKey key;
  private final PublicKey publicKey;
  private final @Nullable Provider provider;

  private JcaSigner(
      java.security.PrivateKey key, PublicKey publicKey, @Nullable Provider provider) {
    this.key = key;
    this.publicKey = publicKey;
    this.provider = provider;
  }

  /**
   * Signs with a key for Ed25519 or P-256, by the first provider that takes it.
   *
   * @param key the private key, or a handle of it
   * @param publicKey its public half
   * @throws TaperException {@link ErrorCode#INVALID_KEY} if the public half has no X.509 encoding,
   *     or is for another algorithm or curve
   */
  public static JcaSigner of(java.security.PrivateKey key, java.security.PublicKey publicKey) {
    return new JcaSigner(Given.that(key, "the private key"), publicKey(publicKey), null);
  }

  /** Signs with a key pair, as {@link #of(java.security.PrivateKey, java.security.PublicKey)}. */
  public static JcaSigner of(KeyPair pair) {
    Given.that(pair, "the key pair");
    return of(pair.getPrivate(), pair.getPublic());
  }

  /** Returns a copy that has one provider sign. */
  public JcaSigner provider(Provider newProvider) {
    return new JcaSigner(key, publicKey, Given.that(newProvider, "the provider"));
  }

  /**
   * Takes a public key of any JCA provider.
   *
   * @throws TaperException as {@link #of(java.security.PrivateKey, java.security.PublicKey)}
   */
  public static PublicKey publicKey(java.security.PublicKey key) {
    byte[] encoded = Given.that(key, "the public key").getEncoded();
    if (encoded == null || !"X.509".equals(key.getFormat())) {
      throw new TaperException(
          ErrorCode.INVALID_KEY, "the provider's public key has no X.509 encoding");
    }
    try {
      return Pkcs8.decodePublic(encoded);
    } catch (TaperException e) {
      throw new TaperException(ErrorCode.INVALID_KEY, String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public PublicKey publicKey() {
    return publicKey;
  }

  /**
   * {@inheritDoc}
   *
   * @throws TaperException {@link ErrorCode#SIGNING_FAILED} if the provider cannot sign, or its
   *     signature is not by this key
   */
  @Override
  public byte[] sign(byte[] message) {
    return Signatures.checked(publicKey, message, signed(message));
  }

  private byte[] signed(byte[] message) {
    try {
      Signature signature =
          provider == null
              ? Signature.getInstance(algorithm())
              : Signature.getInstance(algorithm(), provider);
      signature.initSign(key);
      signature.update(message);
      return signature.sign();
    } catch (InvalidKeyException e) {
      throw new TaperException(
          ErrorCode.SIGNING_FAILED, "no provider signs " + algorithm() + " with this key", e);
    } catch (GeneralSecurityException | ProviderException e) {
      throw new TaperException(ErrorCode.SIGNING_FAILED, "the provider cannot sign now", e);
    }
  }

  private String algorithm() {
    return switch (publicKey.algorithm()) {
      case ED25519 -> "Ed25519";
      case SECP256R1 -> "SHA256withECDSA";
    };
  }

  /** The public key. */
  @Override
  public String toString() {
    return "JcaSigner(of " + publicKey + ")";
  }
}
