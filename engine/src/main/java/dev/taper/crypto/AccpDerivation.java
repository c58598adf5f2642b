package dev.taper.crypto;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.security.auth.DestroyFailedException;
import org.jspecify.annotations.Nullable;

/**
 * Derives public halves of Ed25519 secrets by Amazon Corretto Crypto Provider, in a third of the
 * time that Bouncy Castle needs. The secret of every bearer token is checked by such a derivation.
 * Thread-safe.
 *
 * <p>The provider computes the public half whenever it reads a secret, but shows it only through a
 * key factory that it does not register by default and a method of its key class. Both are reached
 * by reflection here. If a version lacks them, there is no object of this class, and Bouncy Castle
 * derives.
 */
final class AccpDerivation {
  // RFC 8032, 7.1, test 1.
  private static final byte[] KNOWN_SECRET =
      HexFormat.of()
          .parseHex(
              "302e020100300506032b657004220420"
                  + "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  private static final byte[] KNOWN_PUBLIC =
      HexFormat.of().parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

  private final KeyFactory keys;
  private final Method publicHalf;

  private AccpDerivation(KeyFactory keys, Method publicHalf) {
    this.keys = keys;
    this.publicHalf = publicHalf;
  }

  /** A derivation by this provider, or null if it has none. */
  static @Nullable AccpDerivation of(Provider provider) {
    try {
      ClassLoader loader = provider.getClass().getClassLoader();
      String place = provider.getClass().getPackageName();
      Constructor<?> factory =
          Class.forName(provider.getClass().getName() + "$EdKeyFactory", true, loader)
              .getDeclaredConstructor(provider.getClass());
      factory.setAccessible(true);
      Method publicHalf =
          Class.forName(place + ".EvpEdPrivateKey", true, loader).getDeclaredMethod("getPublicKey");
      publicHalf.setAccessible(true);
      AccpDerivation derivation =
          new AccpDerivation((KeyFactory) factory.newInstance(provider), publicHalf);
      return Arrays.equals(derivation.derive(KNOWN_SECRET), KNOWN_PUBLIC) ? derivation : null;
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      return null;
    }
  }

  /**
   * Derives the public half of a secret from its PKCS #8 form.
   *
   * @return 32 bytes, or null if the provider gives none
   */
  byte @Nullable [] derive(byte[] pkcs8) {
    try {
      PrivateKey secret = keys.generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      try {
        byte[] spki = ((Key) publicHalf.invoke(secret)).getEncoded();
        return Arrays.copyOfRange(spki, Spki.ED25519_PREFIX.length, spki.length);
      } finally {
        secret.destroy();
      }
    } catch (GeneralSecurityException
        | ReflectiveOperationException
        | DestroyFailedException
        | RuntimeException e) {
      return null;
    }
  }
}
