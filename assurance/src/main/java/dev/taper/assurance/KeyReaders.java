package dev.taper.assurance;

import static dev.taper.assurance.Laws.read;
import static dev.taper.assurance.Laws.same;
import static dev.taper.assurance.Laws.utf8;

import dev.taper.ErrorCode;
import dev.taper.ErrorCode.Category;
import dev.taper.crypto.Pem;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.trust.RootKeySet;
import java.util.Optional;

/** Readers of keys. */
final class KeyReaders {
  private static final char[] PASSPHRASE = "correct horse".toCharArray();

  private KeyReaders() {}

  static boolean text(byte[] input) {
    String text = utf8(input);
    Optional<PublicKey> open = read(() -> PublicKey.parse(text), ErrorCode.INVALID_KEY);
    open.ifPresent(
        key -> {
          same("a printed key reads the same", key, PublicKey.parse(key.toString()));
          same("a key's bytes make it", key, PublicKey.of(key.algorithm(), key.bytes()));
        });
    Optional<PrivateKey> secret = read(() -> PrivateKey.parse(text), ErrorCode.INVALID_KEY);
    secret.ifPresent(
        key -> {
          same("a printed key reads the same", key, PrivateKey.parse(key.exposeText()));
          same("a private key has a public one", key.publicKey(), key.publicKey().validate());
        });
    return open.isPresent() || secret.isPresent();
  }

  static boolean pem(byte[] input) {
    String pem = utf8(input);
    Optional<PublicKey> open = read(() -> Pem.readPublicKey(pem), Category.KEY);
    open.ifPresent(
        key -> same("a written key reads the same", key, Pem.readPublicKey(Pem.write(key))));
    Optional<PrivateKey> secret = read(() -> Pem.readPrivateKey(pem), Category.KEY);
    secret.ifPresent(
        key ->
            same(
                "a written key reads the same",
                key,
                Pem.readPrivateKey(Pem.writeUnencrypted(key))));
    return open.isPresent() || secret.isPresent();
  }

  /** What a passphrase is to open, which takes what the key itself says, up to a bound. */
  static boolean lockedPem(byte[] input) {
    String pem = utf8(input);
    Optional<PrivateKey> locked = read(() -> Pem.readPrivateKey(pem, PASSPHRASE), Category.KEY);
    if (locked.isPresent()) {
      same("what a passphrase opens is encrypted", true, Pem.isEncrypted(pem));
    }
    return locked.isPresent();
  }

  static boolean keySet(byte[] input) {
    Optional<RootKeySet> keys =
        read(() -> RootKeySet.read(utf8(input), Keys.CLOCK), ErrorCode.INVALID_KEY_SET);
    keys.ifPresent(
        set -> {
          RootKeySet again = RootKeySet.read(set.write(), Keys.CLOCK);
          same("a written set reads the same", set, again);
          same("a set has one form", set.write(), again.write());
          set.keys().forEach(key -> key.publicKey().validate());
        });
    return keys.isPresent();
  }
}
