package dev.taper.datalog.engine;

import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Origin;
import dev.taper.datalog.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns scopes into masks of origins. A fact is visible if its origin is a subset of the mask. */
final class TrustedOrigins {
  private static final long AUTHORITY = 1;

  /** What is trusted where nothing is said, besides a block itself. */
  static final long DEFAULT = AUTHORITY | Origin.AUTHORIZER_BIT;

  private TrustedOrigins() {}

  /**
   * The origins trusted by an element of a block. Its own scopes replace the defaults; the block
   * itself and the authorizer are always trusted; what is the service's own, by the service only.
   *
   * @param scopes the element's own
   * @param defaults what holds if it has none
   * @param own the block's number, or {@link Origin#AUTHORIZER}
   * @param externalKeys by block of the token
   */
  static long of(
      List<Scope> scopes, long defaults, int own, List<@Nullable PublicKey> externalKeys) {
    long mask = Origin.AUTHORIZER_BIT | (own == Origin.AUTHORIZER ? Origin.SERVICE_BIT : 1L << own);
    if (scopes.isEmpty()) {
      return mask | defaults;
    }
    for (Scope scope : scopes) {
      if (scope instanceof Scope.Authority) {
        mask |= AUTHORITY;
      } else if (scope instanceof Scope.Previous) {
        // In an authorizer, which is no block of the chain, "previous" means nothing.
        mask |= own == Origin.AUTHORIZER ? 0 : (1L << own) - 1;
      } else if (scope instanceof Scope.Key key) {
        for (int i = 0; i < externalKeys.size(); i++) {
          if (key.publicKey().equals(externalKeys.get(i))) {
            mask |= 1L << i;
          }
        }
      }
    }
    return mask;
  }

  /** All blocks of a token, the authorizer and the service. */
  static long all() {
    return -1;
  }
}
