package dev.taper.server.keeper;

import dev.taper.ShownText;
import dev.taper.agent.catalog.ShownCall;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a key be used once: if it is there, open, and its user agrees. Thread-safe. */
final class KeyUse {
  private static final Logger LOG = LoggerFactory.getLogger(KeyUse.class);

  /** How much of what a key is used for is in the log. */
  private static final int LOGGED = 600;

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
   * @param what for, as the user is asked
   * @param logged the same in one sentence, without what may be confidential
   * @throws KeeperRefusal {@code unknown_key}; {@code locked}; {@code confirm_refused}; {@code
   *     busy}
   */
  Signer of(PublicKey holder, ShownCall what, String logged) {
    HeldKey key = keys.of(holder);
    if (key == null) {
      throw KeeperRefusal.of(
          404, "unknown_key", "the keeper does not have the key that holds this token");
    }
    return of(key, what, logged);
  }

  /**
   * What signs with a key.
   *
   * @throws KeeperRefusal as {@link #of(PublicKey, ShownCall, String)}
   */
  Signer of(HeldKey key, ShownCall what, String logged) {
    Signer unused = keys.signer(key.name());
    if (isConfirmed(key)) {
      confirmation.require(Question.of(key.name(), what));
    }
    return again(key, logged); // it may be locked or forgotten by now
  }

  /**
   * What signs with a key once more, for what its user agreed to.
   *
   * @throws KeeperRefusal {@code unknown_key}; {@code locked}
   */
  Signer again(HeldKey key, String logged) {
    Signer signer = keys.signer(key.name());
    LOG.info("the key {} is used to {}", key.name(), ShownText.of(logged, LOGGED));
    return signer;
  }

  /** True if the user is asked before a key is used. */
  boolean isConfirmed(HeldKey key) {
    return confirmsAll || key.isConfirmed();
  }
}
