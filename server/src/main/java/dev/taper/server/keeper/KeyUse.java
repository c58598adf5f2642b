package dev.taper.server.keeper;

import dev.taper.ShownText;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a key be used once: if it is there, open, and its user agrees. Thread-safe. */
final class KeyUse {
  private static final Logger LOG = LoggerFactory.getLogger(KeyUse.class);
  private static final int COLUMNS = 600;

  private final KeyRing keys;
  private final Confirmation confirmation;
  private final boolean confirmsAll;

  /**
   * Lets keys be used.
   *
   * @param confirmsAll whether the user is asked for every key, not only for those that say so
   */
  KeyUse(KeyRing keys, Confirmation confirmation, boolean confirmsAll) {
    this.keys = keys;
    this.confirmation = confirmation;
    this.confirmsAll = confirmsAll;
  }

  /**
   * What signs with the key that holds a token.
   *
   * @param what for, for the user and the log
   * @throws KeeperRefusal {@code unknown_key}; {@code locked}; {@code confirm_refused}; {@code
   *     busy}
   */
  Signer of(PublicKey holder, String what) {
    HeldKey key = keys.of(holder);
    if (key == null) {
      throw KeeperRefusal.of(
          404, "unknown_key", "the keeper does not have the key that holds this token");
    }
    return of(key, what);
  }

  /**
   * What signs with a key.
   *
   * @throws KeeperRefusal as {@link #of(PublicKey, String)}
   */
  Signer of(HeldKey key, String what) {
    Signer unused = keys.signer(key.name());
    String shown = ShownText.of(what, COLUMNS);
    if (confirmsAll || key.isConfirmed()) {
      confirmation.require("Use the key " + key.name() + " to " + shown + "?");
    }
    Signer signer = keys.signer(key.name()); // it may be locked or forgotten by now
    LOG.info("the key {} is used to {}", key.name(), shown);
    return signer;
  }

  /** True if the user is asked before a key is used. */
  boolean isConfirmed(HeldKey key) {
    return confirmsAll || key.isConfirmed();
  }
}
