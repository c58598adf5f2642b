package dev.taper.agent.delegation;

import java.util.List;

/** What tests of other rooms need of this one. */
public final class Bare {
  /** The context of each block of the profile. */
  public static final String CONTEXT = Profile.CONTEXT;

  private Bare() {}

  /** A delegation without grants, conditions, lifetime, budgets and checks. */
  public static Delegation of(Delegation delegation) {
    return delegation.with(DelegationTerms.Parts.NONE);
  }

  /** What a proof is bound to, of a token with these signatures. */
  public static byte[] state(List<byte[]> signatures) {
    return AgentToken.state(signatures);
  }
}
