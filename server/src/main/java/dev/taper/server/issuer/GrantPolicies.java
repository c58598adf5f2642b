package dev.taper.server.issuer;

import dev.taper.FailureLog;
import dev.taper.TaperException;
import dev.taper.agent.call.CallFacts;
import dev.taper.authorizer.PolicySet;
import java.time.Clock;

/** Decides by Datalog what may be granted. What cannot be decided is not granted. Thread-safe. */
final class GrantPolicies {
  private final PolicySet policies;
  private final String issuer;
  private final Clock clock;
  private final FailureLog failures;

  /**
   * Decides by a set of policies.
   *
   * @param issuer the audience that policies see
   */
  GrantPolicies(PolicySet policies, String issuer, Clock clock) {
    this.policies = policies;
    this.issuer = issuer;
    this.clock = clock;
    this.failures = FailureLog.of(GrantPolicies.class, "deciding what may be granted", clock);
  }

  /** True if the policies allow it. */
  boolean allow(Question question) {
    try {
      CallFacts facts =
          question.call().facts().time(clock).audience(issuer).depth(0).invoker(question.agent());
      return policies.authorizer().facts(facts.list()).authorize().allowed();
    } catch (TaperException e) {
      failures.failed(e);
      return false;
    }
  }
}
