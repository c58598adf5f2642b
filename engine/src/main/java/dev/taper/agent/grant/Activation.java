package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;

/**
 * What has to be there besides the call before a dormant grant covers it. A grant that requires
 * nothing is always active; one that requires several things needs all of them.
 */
public sealed interface Activation permits Justified, ApprovedBy {
  /** True if the verifier states of the request what is required. */
  boolean isMet(CallFacts facts);

  /** The requirement in the syntax of {@link Grant#parse}, such as {@code justified within 15m}. */
  @Override
  String toString();
}
