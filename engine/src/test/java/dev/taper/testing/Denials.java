package dev.taper.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.CallDecision.Denied;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.delegation.DelegationHop;
import org.jspecify.annotations.Nullable;

/** What tests ask of decisions. */
public final class Denials {
  private Denials() {}

  /** The decision, which has to be a denial. */
  public static Denied denied(CallDecision decision) {
    assertThat(decision).isInstanceOf(Denied.class);
    return (Denied) decision;
  }

  /** The code of a denial; null if the call is allowed. */
  public static @Nullable DenialCode codeOf(CallDecision decision) {
    return decision instanceof Denied denied ? denied.code() : null;
  }

  /** Who holds the last token that would have allowed the call, by name; null if none would. */
  public static @Nullable String lastHolderOf(CallDecision decision) {
    DelegationHop last = denied(decision).lastAllowed();
    return last == null ? null : last.holderName();
  }
}
