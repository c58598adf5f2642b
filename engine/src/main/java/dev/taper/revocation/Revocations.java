package dev.taper.revocation;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a verifier asks for every call: whether anything that a token stands on is revoked, and
 * whether the answer can be relied on. Implementations are thread-safe, and never throw for want of
 * data: they say so. {@link RevocationList} is the one in memory, which never waits; one that may
 * wait ends at {@link dev.taper.Deadline#current}, and a call that it does not answer is refused.
 */
public interface Revocations {
  /**
   * Looks up what a token stands on, at one moment of the list.
   *
   * @param fingerprints its blocks, its task, its keys, its delegator and its root key
   * @param now the verifier's time
   */
  RevocationCheck check(List<Fingerprint> fingerprints, Instant now);

  /** How old the lists are and whether their sources answer; null if that is not known. */
  default @Nullable RevocationHealth health() {
    return null;
  }
}
