package dev.taper.agent;

import dev.taper.FailureLog;
import dev.taper.Fill;
import dev.taper.revocation.Revocations.RevocationHealth;
import dev.taper.token.TokenCache;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The health of a verifier, for its operator: what it stands on, how full its memories are, what it
 * could not do. Costs no look-up in a store. Immutable and thread-safe.
 *
 * @param at when, by the verifier's clock
 * @param revocation the revocation lists and where they come from; null if the verifier does
 *     without
 * @param stores what decisions wait for: the shared memory of approvals, the listeners
 * @param replays the memory for proofs
 * @param approvalUses the memory for used approvals; null if it does not say
 * @param tokens the token cache; null without one
 * @param unrecordedDecisions how many times a listener could not take note of a decision
 */
public record VerifierHealth(
    Instant at,
    @Nullable RevocationHealth revocation,
    List<Store> stores,
    Fill replays,
    @Nullable Fill approvalUses,
    TokenCache.@Nullable Statistics tokens,
    long unrecordedDecisions) {
  /**
   * The health of something that decisions wait for.
   *
   * @param name what it is
   * @param reachable false while it is not asked because it failed again and again; every now and
   *     then one call tries
   * @param failuresInRow how many times it failed since it last answered, up to the number at which
   *     it is not asked any more
   * @param lastFailure its last failure, however long ago; null if there was none
   */
  public record Store(
      String name,
      boolean reachable,
      int failuresInRow,
      FailureLog.@Nullable Failure lastFailure) {}

  /** Copies the list. */
  public VerifierHealth {
    stores = List.copyOf(stores);
  }

  /** True if nothing that is known here makes the verifier refuse calls that it should allow. */
  public boolean ready() {
    for (Store store : stores) {
      if (!store.reachable()) {
        return false;
      }
    }
    return revocation == null || revocation.fresh();
  }
}
