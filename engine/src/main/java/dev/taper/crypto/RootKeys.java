package dev.taper.crypto;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;

/** Says which root keys may have signed a token. */
@FunctionalInterface
public interface RootKeys {
  /**
   * Returns the keys to try, in order; if there are none, the token is refused. Each of them costs
   * a signature for a token that none of them signed, so more than one lets strangers cause more
   * work.
   *
   * @param rootKeyId the hint that the token carries, if any; unauthenticated
   */
  List<PublicKey> candidates(OptionalInt rootKeyId);

  /**
   * The keys that may be tried for some token, so that somebody prepares for them; those for a
   * token without a hint unless an implementation knows more.
   */
  default List<PublicKey> prepared() {
    return candidates(OptionalInt.empty());
  }

  /** When those of the trusted keys end that have an end, by what an operator calls them. */
  default SortedMap<String, Instant> ends() {
    return Collections.emptySortedMap();
  }

  /** Trusts one key, whatever the token's hint. */
  static RootKeys of(PublicKey key) {
    return rootKeyId -> List.of(key);
  }
}
