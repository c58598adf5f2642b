package dev.taper.server.connect;

import dev.taper.crypto.Signer;
import dev.taper.operations.keeper.KeeperClient;
import org.jspecify.annotations.Nullable;

/**
 * An agent's own key.
 *
 * @param signer what signs and proves with it
 * @param narrowing what hands on with it
 * @param keeper who has it; null if it is in this process
 */
record OwnKey(Signer signer, Narrowing narrowing, @Nullable KeeperClient keeper) {
  /** A key in this process. */
  static OwnKey here(Signer signer) {
    return new OwnKey(signer, Narrowing::here, null);
  }

  /** A key that a keeper has. */
  static OwnKey of(Signer signer, KeeperClient keeper) {
    return new OwnKey(signer, Narrowing.by(keeper), keeper);
  }
}
