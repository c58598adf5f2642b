package dev.taper.agent;

import dev.taper.agent.request.Invocation;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes a decision for people. */
final class DecisionText {
  private final CallDecision decision;
  private final StringBuilder out = new StringBuilder();

  private DecisionText(CallDecision decision) {
    this.decision = decision;
  }

  static String of(CallDecision decision) {
    return new DecisionText(decision).write();
  }

  private String write() {
    if (decision.allowed()) {
      out.append("ALLOWED  ").append(decision.audience()).append(" allows ").append(call());
      out.append("\n  ").append(decision.chain());
      return out.toString();
    }
    DenialCode code = Objects.requireNonNull(decision.code());
    out.append("DENIED  ").append(code.text()).append("  ").append(decision.audience());
    out.append(" refused ").append(call());
    if (decision.findings().isEmpty()) {
      hop(last());
      out.append("\n         ✗ ").append(decision.reason());
    }
    DelegationHop shown = null;
    for (Finding finding : decision.findings()) {
      if (finding.hop() == null) {
        out.append("\n  ").append(decision.audience()).append(": ");
        out.append(finding.part() == null ? "" : finding.part() + ": ").append(finding.wanted());
      } else if (!finding.hop().equals(shown)) {
        hop(finding.hop());
      }
      shown = finding.hop();
      for (String reason : finding.reasons()) {
        out.append("\n         ✗ ").append(reason);
      }
    }
    advice();
    return out.toString();
  }

  private String call() {
    Invocation call = decision.call();
    String operation = call.operation() == null ? "" : " " + call.operation();
    String resource = call.resource() == null ? "" : " on " + call.resource();
    return call.tool() + operation + resource;
  }

  private DelegationHop last() {
    return decision.chain().hops().get(decision.chain().hops().size() - 1);
  }

  private void hop(DelegationHop hop) {
    out.append("\n  hop ").append(hop.block()).append("  ").append(hop.holderName());
    out.append(hop.mode() == DelegationHop.Mode.NARROWED ? "  narrowed by " : "  granted by ");
    out.append(hop.grantor()).append(": ").append(hop.words());
  }

  private void advice() {
    Dormant dormant = decision.dormant();
    if (dormant != null) {
      out.append("\n  ").append(decision.reason());
      for (String step : dormant.advice()) {
        out.append("\n  To wake the grant: ").append(step);
      }
      return;
    }
    // Of what is revoked, nobody asked whose token would be good.
    if (decision.failingHop() != null && decision.code() != DenialCode.REVOKED) {
      @Nullable String holder = decision.lastAllowed();
      out.append("\n  The last token in the chain that would allow it: ");
      if (decision.lastAllowedKnown()) {
        out.append(holder == null ? "none" : holder + "'s");
      } else {
        out.append("unknown, it takes too much work to find out");
      }
    }
    Ask ask = decision.ask();
    if (ask != null) {
      out.append("\n  To allow it: ask ").append(ask.whom()).append(" for \"");
      out.append(ask.grant()).append('"');
    }
  }
}
