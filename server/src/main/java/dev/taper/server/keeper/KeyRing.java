package dev.taper.server.keeper;

import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Pem;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.server.keeper.KeeperRequest.NewKey;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys: made here, stored encrypted, in this process while it is unlocked, and given to nobody.
 * Thread-safe.
 */
final class KeyRing {
  /** The most keys. */
  static final int MAX = 256;

  private static final Logger LOG = LoggerFactory.getLogger(KeyRing.class);

  private final @Nullable EntryFolder files;
  private final @Nullable Pkcs11Device device;
  private final Clock clock;
  private final ReentrantLock unlocking = new ReentrantLock();

  // All of these are guarded by this.
  private final SortedMap<String, HeldKey> keys = new TreeMap<>();
  private final Map<String, Signer> signers = new HashMap<>();
  private final Set<String> making = new HashSet<>();
  private char @Nullable [] passphrase;

  /**
   * Reads which keys there are; their secrets stay closed.
   *
   * @param files where they are stored; null to keep them in this process alone
   * @param device where keys can be besides; null for nowhere
   * @throws KeeperRefusal if what is stored is no key
   */
  KeyRing(@Nullable EntryFolder files, @Nullable Pkcs11Device device, Clock clock) {
    this.files = files;
    this.device = device;
    this.clock = clock;
    if (files != null) {
      files.read().forEach((name, json) -> keys.put(name, HeldKey.read(name, json)));
    }
  }

  /** True if some secret is closed. */
  synchronized boolean isLocked() {
    return (files != null && passphrase == null) || (device != null && !device.isOpen());
  }

  /** The keys in the order of their names. */
  synchronized List<HeldKey> list() {
    return List.copyOf(keys.values());
  }

  /**
   * One key.
   *
   * @throws KeeperRefusal {@code unknown_key}
   */
  synchronized HeldKey get(String name) {
    HeldKey key = keys.get(name);
    if (key == null) {
      throw KeeperRefusal.of(404, "unknown_key", "the keeper has no key of that name");
    }
    return key;
  }

  /** The key with this public half; null if there is none. */
  synchronized @Nullable HeldKey of(PublicKey key) {
    for (HeldKey each : keys.values()) {
      if (each.key().equals(key)) {
        return each;
      }
    }
    return null;
  }

  /**
   * What signs with a key.
   *
   * @throws KeeperRefusal {@code unknown_key}; {@code locked}
   */
  synchronized Signer signer(String name) {
    HeldKey key = get(name);
    Signer signer = signers.get(name);
    if (signer == null) {
      throw locked(key.place());
    }
    return signer;
  }

  private static KeeperRefusal locked(HeldKey.Place place) {
    return KeeperRefusal.of(
        403,
        "locked",
        place == HeldKey.Place.PKCS11
            ? "the key's device is locked, or not there: unlock the keeper with its PIN"
            : "the keeper is locked: unlock it with its passphrase");
  }

  /**
   * Opens what a passphrase or PIN is given for.
   *
   * @throws KeeperRefusal {@code wrong_passphrase}, and nothing else is open than before; {@code
   *     busy} while somebody else tries; {@code invalid_request} if there is nothing to open by it
   */
  void unlock(char @Nullable [] given, char @Nullable [] pin) {
    if ((given == null && pin == null)
        || (given != null && (files == null || given.length == 0))
        || (pin != null && device == null)) {
      throw KeeperRefusal.invalid(
          "unlocking takes the passphrase of the stored keys, the pin of the device, or both;"
              + " and only what there is");
    }
    if (!unlocking.tryLock()) {
      throw KeeperRefusal.of(503, "busy", "the keeper is being unlocked already");
    }
    try {
      if (given != null) {
        unlockStore(given);
      }
      if (pin != null && device != null) {
        unlockDevice(device.open(pin));
      }
    } finally {
      unlocking.unlock();
    }
  }

  private void unlockStore(char[] given) {
    List<HeldKey> stored =
        list().stream().filter(key -> key.place() == HeldKey.Place.STORE).toList();
    Map<String, Signer> opened = new HashMap<>();
    stored.parallelStream()
        .map(key -> Map.entry(key.name(), decrypted(key, given)))
        .toList()
        .forEach(entry -> opened.put(entry.getKey(), entry.getValue()));
    synchronized (this) {
      opened.keySet().retainAll(keys.keySet()); // forgotten meanwhile
      signers.putAll(opened);
      passphrase = given.clone();
    }
  }

  private static PrivateKey decrypted(HeldKey key, char[] given) {
    PrivateKey secret;
    try {
      secret = Pem.readPrivateKey(String.valueOf(key.pem()), given);
    } catch (TaperException e) {
      throw KeeperRefusal.unavailable(
          403, "wrong_passphrase", "the passphrase does not open the key " + key.name(), e);
    }
    if (!secret.publicKey().equals(key.key())) {
      secret.destroy();
      throw KeeperRefusal.of(
          503, "key_changed", "the file of the key " + key.name() + " was changed");
    }
    return secret;
  }

  private synchronized void unlockDevice(SortedMap<String, Signer> found) {
    found.forEach(
        (name, signer) -> {
          HeldKey known = keys.get(name);
          if (known == null && RequestReader.isName(name) && keys.size() < MAX) {
            known = new HeldKey(name, signer.publicKey(), HeldKey.Place.PKCS11, false, null, null);
            keys.put(name, known);
          }
          if (known != null && known.key().equals(signer.publicKey())) {
            signers.put(name, signer);
          } else {
            LOG.warn("a key of the device is left out: {} is no name for it here", name);
          }
        });
  }

  /**
   * Closes all that can be opened again.
   *
   * @throws KeeperRefusal {@code not_stored} if keys are in this process alone
   */
  void lock() {
    if (files == null && device == null) {
      throw KeeperRefusal.of(
          409, "not_stored", "keys that are kept in memory alone cannot be locked, only forgotten");
    }
    synchronized (this) {
      for (HeldKey key : keys.values()) {
        if (key.place() != HeldKey.Place.MEMORY) {
          wipe(signers.remove(key.name()));
        }
      }
      Keeper.wipe(passphrase);
      passphrase = null;
    }
    if (device != null && device.isOpen()) {
      device.close();
    }
  }

  private static void wipe(@Nullable Signer signer) {
    if (signer instanceof PrivateKey secret) {
      secret.destroy();
    }
  }

  /**
   * Makes a key.
   *
   * @param until when it is forgotten; null for never
   * @throws KeeperRefusal {@code key_exists}; {@code keys_full}; {@code locked}; {@code no_device};
   *     {@code store_unavailable}; {@code device_unavailable}
   */
  HeldKey make(NewKey request, @Nullable Instant until) {
    String name = request.name();
    char[] secret = reserve(request);
    try {
      HeldKey made;
      Signer signer;
      if (request.inDevice()) {
        signer = Objects.requireNonNull(device).make(name);
        made = held(request, signer, HeldKey.Place.PKCS11, until, null);
      } else {
        PrivateKey key = PrivateKey.generate(request.algorithm());
        signer = key;
        HeldKey.Place place = files == null ? HeldKey.Place.MEMORY : HeldKey.Place.STORE;
        made =
            held(
                request, key, place, until, files == null ? null : Pem.writeEncrypted(key, secret));
      }
      stored(made, signer);
      synchronized (this) {
        keys.put(name, made);
        if (secret.length == 0 || passphrase != null || request.inDevice()) {
          signers.put(name, signer); // unless it was locked meanwhile
        }
      }
      return made;
    } finally {
      Arrays.fill(secret, '\0');
      synchronized (this) {
        making.remove(name);
      }
    }
  }

  private static HeldKey held(
      NewKey request,
      Signer signer,
      HeldKey.Place place,
      @Nullable Instant until,
      @Nullable String pem) {
    return new HeldKey(
        request.name(), signer.publicKey(), place, request.isConfirmed(), until, pem);
  }

  private void stored(HeldKey made, Signer signer) {
    if (files == null) {
      return;
    }
    try {
      files.write(made.name(), made.stored());
    } catch (KeeperRefusal e) {
      wipe(signer);
      if (made.place() == HeldKey.Place.PKCS11 && device != null) {
        device.delete(made.name());
      }
      throw e;
    }
  }

  /** Takes the name, and gives the passphrase for the new key's file; empty if it has none. */
  private synchronized char[] reserve(NewKey request) {
    if (keys.size() + making.size() >= MAX) {
      throw KeeperRefusal.of(507, "keys_full", "the keeper has as many keys as it can");
    }
    if (request.inDevice() && device == null) {
      throw KeeperRefusal.of(409, "no_device", "the keeper was started without --pkcs11");
    }
    if (request.inDevice() && request.algorithm() != Algorithm.SECP256R1) {
      throw KeeperRefusal.invalid("a device makes keys of secp256r1 alone");
    }
    if (!request.inDevice() && files != null && passphrase == null) {
      throw locked(HeldKey.Place.STORE);
    }
    if (keys.containsKey(request.name()) || !making.add(request.name())) {
      throw KeeperRefusal.of(
          409, "key_exists", "there is a key of that name, and a key is never overwritten");
    }
    return request.inDevice() || passphrase == null ? new char[0] : passphrase.clone();
  }

  /**
   * Forgets a key for good.
   *
   * @throws KeeperRefusal {@code unknown_key}; {@code store_unavailable} or {@code
   *     device_unavailable} if it cannot be deleted: it is not used any more all the same
   */
  void forget(String name) {
    HeldKey key;
    synchronized (this) {
      key = get(name);
      if (key.place() == HeldKey.Place.PKCS11 && device != null && !device.isOpen()) {
        throw locked(HeldKey.Place.PKCS11);
      }
      keys.remove(name);
      wipe(signers.remove(name));
    }
    delete(key);
  }

  private void delete(HeldKey key) {
    if (files != null) {
      files.delete(key.name());
    }
    if (key.place() == HeldKey.Place.PKCS11 && device != null) {
      device.delete(key.name());
    }
  }

  /** Forgets the keys whose time has come, and says which. */
  List<HeldKey> forgetEnded() {
    Instant now = clock.instant();
    List<HeldKey> ended;
    synchronized (this) {
      ended = keys.values().stream().filter(key -> key.hasEnded(now)).toList();
      for (HeldKey key : ended) {
        keys.remove(key.name());
        wipe(signers.remove(key.name()));
      }
    }
    for (HeldKey key : ended) {
      try {
        delete(key);
        LOG.info("forgot the key {}: its time had come", key.name());
      } catch (KeeperRefusal e) {
        LOG.warn("a key is not used any more, but could not be deleted: {}", e.detail());
      }
    }
    return ended;
  }

  /** Wipes everything, at the end of the process. */
  synchronized void close() {
    signers.values().forEach(KeyRing::wipe);
    signers.clear();
    Keeper.wipe(passphrase);
    passphrase = null;
  }
}
