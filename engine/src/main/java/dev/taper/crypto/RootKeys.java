package dev.taper.crypto;

import java.util.List;
import java.util.OptionalInt;

/** Says which root keys may have signed a token. */
@FunctionalInterface
public interface RootKeys {
  /**
   * Returns the keys to try, in order; if there are none, the token is refused.
   *
   * @param rootKeyId the hint that the token carries, if any; unauthenticated
   */
  List<PublicKey> candidates(OptionalInt rootKeyId);

  /** Trusts one key, whatever the token's hint. */
  static RootKeys of(PublicKey key) {
    return rootKeyId -> List.of(key);
  }
}
