package dev.taper.integrations.telemetry;

import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.decision.DenialCode;
import org.jspecify.annotations.Nullable;

/** What was decided, in one word of a fixed list. */
final class DecisionCode {
  private DecisionCode() {}

  /** Why a call was denied, or would have been by a verifier that only observes; null if not. */
  static @Nullable DenialCode denial(DecisionEvent event) {
    CallDecision decision = event.decision();
    if (decision instanceof CallDecision.Denied denied) {
      return denied.code();
    }
    CallDecision.Denied observed = ((CallDecision.Allowed) decision).observedDenial();
    return observed == null ? null : observed.code();
  }

  static String text(@Nullable DenialCode denial) {
    return denial == null ? "allowed" : denial.text();
  }
}
