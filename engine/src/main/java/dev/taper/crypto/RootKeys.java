package dev.taper.crypto;

import java.util.List;
import java.util.OptionalInt;

/** Which root keys may have signed a token. */
@FunctionalInterface
public interface RootKeys {
  /**
   * The keys to try, in order; empty if none is trusted, which refuses the token.
   *
   * @param rootKeyId the hint that the token carries, if any; unauthenticated
   */
  List<PublicKey> candidates(OptionalInt rootKeyId);

  /** Trusts one key, whatever the token's hint. */
  static RootKeys of(PublicKey key) {
    return rootKeyId -> List.of(key);
  }
}
