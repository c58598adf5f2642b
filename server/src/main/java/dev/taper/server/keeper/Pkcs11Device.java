package dev.taper.server.keeper;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.JcaSigner;
import dev.taper.crypto.Signer;
import dev.taper.operations.OperationException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.AuthProvider;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.security.auth.login.LoginException;
import org.jspecify.annotations.Nullable;

/**
 * A device that has keys and signs with them, through PKCS #11: a smart card, a hardware security
 * module, or a program that stands for one. It has keys of P-256 alone. Thread-safe.
 */
final class Pkcs11Device {
  private final Provider provider;
  private final Clock clock;
  private @Nullable KeyStore store; // guarded by this

  private Pkcs11Device(Provider provider, Clock clock) {
    this.provider = provider;
    this.clock = clock;
  }

  /**
   * Finds a device, without opening it.
   *
   * @param library the device's own library
   * @param slot the number of its slot; null for the first
   * @throws OperationException {@code io} if there is no such device
   */
  static Pkcs11Device find(Path library, @Nullable Long slot, Clock clock) {
    Provider base = Security.getProvider("SunPKCS11");
    if (base == null) {
      throw OperationException.io("this Java has no PKCS #11 (jdk.crypto.cryptoki)", null);
    }
    if (library.toString().matches(".*[\"\\\\\\r\\n].*")) {
      throw OperationException.usage("the library's path has a sign that cannot be written there");
    }
    String configuration =
        "--name=taper\nlibrary=\""
            + library
            + "\"\n"
            + (slot == null ? "slotListIndex=0" : "slot=" + slot)
            + "\nattributes(generate, CKO_PRIVATE_KEY, CKK_EC) = {\n"
            + "  CKA_SENSITIVE = true\n  CKA_EXTRACTABLE = false\n  CKA_SIGN = true\n}\n";
    try {
      return new Pkcs11Device(base.configure(configuration), clock);
    } catch (RuntimeException e) {
      throw OperationException.io("cannot use the device of " + library + ": " + cause(e), e);
    }
  }

  private static String cause(Throwable e) {
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return String.valueOf(deepest.getMessage());
  }

  /** True while its keys can be used. */
  synchronized boolean isOpen() {
    return store != null;
  }

  /**
   * Opens the device.
   *
   * @return what signs with each of its keys, by name
   * @throws KeeperRefusal {@code wrong_passphrase}; {@code not_locked}; {@code device_unavailable}
   */
  synchronized SortedMap<String, Signer> open(char[] pin) {
    if (store != null) {
      throw KeeperRefusal.of(
          409, "not_locked", "the device is open, and does not look at a PIN until it is locked");
    }
    try {
      KeyStore opened = KeyStore.getInstance("PKCS11", provider);
      opened.load(null, pin);
      store = opened;
      SortedMap<String, Signer> signers = new TreeMap<>();
      for (String alias : Collections.list(opened.aliases())) {
        Signer signer = signer(opened, alias);
        if (signer != null) {
          signers.put(alias, signer);
        }
      }
      return signers;
    } catch (IOException e) {
      if (cause(e).startsWith("CKR_PIN_")) {
        throw KeeperRefusal.unavailable(
            403, "wrong_passphrase", "the device does not take this PIN", e);
      }
      throw unavailable("cannot be opened", e);
    } catch (GeneralSecurityException | ProviderException e) {
      throw unavailable("cannot be opened", e);
    }
  }

  /** What signs with a key; null for what is no key of P-256. */
  private @Nullable Signer signer(KeyStore opened, String alias) throws GeneralSecurityException {
    Certificate certificate = opened.getCertificate(alias);
    Key key = opened.isKeyEntry(alias) ? opened.getKey(alias, null) : null;
    if (certificate == null || !(key instanceof PrivateKey secret)) {
      return null;
    }
    try {
      return JcaSigner.of(secret, certificate.getPublicKey()).provider(provider);
    } catch (TaperException e) {
      return null;
    }
  }

  /**
   * Makes a key in the device, which never leaves it.
   *
   * @throws KeeperRefusal {@code locked}; {@code device_unavailable}
   */
  synchronized Signer make(String name) {
    KeyStore opened = opened();
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", provider);
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      Signer signer = JcaSigner.of(pair).provider(provider);
      // Java finds a device's key by a certificate beside it; nobody else looks at this one.
      Certificate certificate = OwnCertificate.of(name, signer, clock.instant());
      opened.setKeyEntry(name, pair.getPrivate(), null, new Certificate[] {certificate});
      Signer kept = signer(opened, name);
      if (kept == null || !kept.publicKey().equals(signer.publicKey())) {
        throw new TaperException(ErrorCode.SIGNING_FAILED, "the device did not keep the key");
      }
      return kept;
    } catch (GeneralSecurityException | ProviderException | TaperException e) {
      throw unavailable("cannot make a key", e);
    }
  }

  /**
   * Deletes a key from the device.
   *
   * @throws KeeperRefusal {@code locked}; {@code device_unavailable}
   */
  synchronized void delete(String name) {
    try {
      opened().deleteEntry(name);
    } catch (GeneralSecurityException | ProviderException e) {
      throw unavailable("cannot delete the key", e);
    }
  }

  /** Closes the device: nothing signs with its keys until it is opened again. */
  synchronized void close() {
    store = null;
    try {
      if (provider instanceof AuthProvider device) {
        device.logout();
      }
    } catch (LoginException | ProviderException e) {
      throw unavailable("cannot be closed", e);
    }
  }

  private KeyStore opened() {
    if (store == null) {
      throw KeeperRefusal.of(403, "locked", "the device is locked: unlock the keeper with its PIN");
    }
    return store;
  }

  private static KeeperRefusal unavailable(String what, Exception e) {
    return KeeperRefusal.unavailable(
        503, "device_unavailable", "the device " + what + ": " + cause(e), e);
  }
}
