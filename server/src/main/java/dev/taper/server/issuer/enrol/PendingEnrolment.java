package dev.taper.server.issuer.enrol;

import dev.taper.crypto.Digests;
import dev.taper.crypto.PublicKey;
import java.time.Instant;

/**
 * An agent's key that waits for a person's word. Immutable and thread-safe.
 *
 * @param name what the agent calls itself
 * @param key the key that it proved to have
 * @param asked when
 * @param until until when it waits
 */
public record PendingEnrolment(String name, PublicKey key, Instant asked, Instant until) {
  /** Names all that a person is shown, so that a yes is to that and nothing else. */
  public String digest() {
    return Digests.sha256Hex(name.length() + ":" + name + key + asked + until);
  }
}
