package dev.taper.datalog.engine;

import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Origin;
import dev.taper.datalog.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns scopes into masks of origins. A fact is visible if its origin is a subset of the mask. */
final class TrustedOrigins {
  private static final long AUTHORITY = 1;

  /** The origins trusted by default, besides the block itself. */
  static final long DEFAULT = AUTHORITY | Origin.AUTHORIZER_BIT;

  private TrustedOrigins() {}

  /**
   * Returns the origins that an element of a block trusts. Its own scopes replace the defaults. The
   * block itself and the authorizer are always trusted; only the service trusts its own
   * confidential facts.
   *
   * @param scopes the element's own scopes
   * @param defaults the scopes that hold if it has none
   * @param own the block's number, or {@link Origin#AUTHORIZER}
   * @param externalKeys the external key of each block of the token
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
        // An authorizer is not a block of the chain, so "previous" means nothing in it.
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

  /** Returns the origins of all blocks of a token, the authorizer and the service. */
  static long all() {
    return -1;
  }
}
