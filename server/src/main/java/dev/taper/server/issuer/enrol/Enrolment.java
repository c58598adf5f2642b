package dev.taper.server.issuer.enrol;

import dev.taper.agent.call.Canonical;
import dev.taper.crypto.PublicKey;
import dev.taper.server.oidc.Subject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That a key belongs to an agent, and by whose word. Immutable and thread-safe.
 *
 * @param name the agent's name
 * @param key its key
 * @param by who said so: the person who confirmed the code, or the workload itself
 * @param way how it was said
 * @param since when
 * @param until when it ends; null for never
 */
public record Enrolment(
    String name, PublicKey key, Subject by, Way way, Instant since, @Nullable Instant until) {
  /** How an agent is enrolled. */
  public enum Way {
    /** A person confirmed a code. */
    CODE,
    /** A workload showed its own token. */
    WORKLOAD
  }

  /**
   * Checks the name.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_REQUEST} if it is ambiguous
   */
  public Enrolment {
    Canonical.name(name, "the agent's name");
  }

  /** True if it counts. */
  boolean isGood(Instant now) {
    return until == null || now.isBefore(until);
  }
}
