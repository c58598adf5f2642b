package dev.taper.agent.decision;

import dev.taper.agent.delegation.DelegationChain;
import org.jspecify.annotations.Nullable;

/**
 * Is told of every decision of a {@link Verifier} before the caller is: an audit log, a registry.
 * Implementations must be safe to use from several threads, and wait no longer than {@link
 * dev.taper.Deadline#current} lets them.
 */
@FunctionalInterface
public interface DecisionListener {
  /**
   * Takes note of a decision, allowed or denied. When this returns, the event is as safe as the
   * listener promises to keep it. Whatever it throws counts as a failure to take note, and {@link
   * AuditFailure} says what becomes of the call.
   *
   * @param event the decision and what it rests on
   */
  void decided(DecisionEvent event);

  /** The name that operators read; by default that of its class. */
  default String name() {
    return getClass().getName();
  }

  /**
   * Takes note that a token's holder asked what would be decided about a call ({@link
   * Verifier#asked}): nothing was claimed, and the call is not made by that. Unless it is
   * overridden, nobody takes note. Whatever it throws is counted, and changes no answer.
   *
   * @param event what would be decided, and what that rests on
   */
  default void asked(DecisionEvent event) {}

  /**
   * Says whether the calls of a chain are held back until a person has looked at something. It is
   * asked before the chain is evaluated, of a held token after its proof, in the caller's thread:
   * it looks nothing up. Unless it is overridden, nothing is held back. If it throws, the call is.
   *
   * @param chain whose call it is
   * @return why, in a sentence that the caller may read; null to let it go on
   */
  default @Nullable String holdsBack(DelegationChain chain) {
    return null;
  }

  /**
   * Says what becomes of an allowed call if a {@link DecisionListener} could not take note of it.
   */
  enum AuditFailure {
    /** It is denied with {@link DenialCode#AUDIT_UNAVAILABLE}: nothing happens unrecorded. */
    DENY,
    /**
     * It goes ahead, and {@link Verifier#unrecordedDecisions} counts it: the service is worth more
     * than a complete record.
     */
    ALLOW_AND_COUNT
  }
}
