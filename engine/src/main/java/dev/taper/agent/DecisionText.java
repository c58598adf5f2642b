package dev.taper.agent;

import dev.taper.agent.call.ShortText;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.grant.Activation;
import dev.taper.agent.grant.ApprovedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes a decision for people. */
final class DecisionText {
  /** The most checks that are shown; a token may hold thousands. */
  private static final int MAX_FINDINGS = 32;

  private final CallDecision decision;
  private final boolean forOperator;
  private final StringBuilder out = new StringBuilder();

  private DecisionText(CallDecision decision, DecisionView view) {
    this.decision = decision;
    this.forOperator = view == DecisionView.OPERATOR;
  }

  static String of(CallDecision decision, DecisionView view) {
    return new DecisionText(decision, view).write();
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
    List<Reason> findings = forOperator ? decision.operatorFindings() : decision.findings();
    if (findings.isEmpty()) {
      hop(last());
      out.append("\n         ✗ ");
      out.append(forOperator ? decision.operatorReason() : decision.reason());
    }
    DelegationHop shown = null;
    for (Reason finding : findings.subList(0, Math.min(findings.size(), MAX_FINDINGS))) {
      finding(finding, shown);
      shown = finding.hop();
    }
    if (findings.size() > MAX_FINDINGS) {
      out.append("\n  and ").append(findings.size() - MAX_FINDINGS).append(" checks more");
    }
    advice();
    return out.toString();
  }

  private void finding(Reason finding, @Nullable DelegationHop shown) {
    if (finding.hop() == null) {
      out.append("\n  ").append(decision.audience()).append(':');
      out.append(finding.part() == null ? "" : " " + finding.part() + ":");
      out.append(finding.wanted().isEmpty() ? "" : " " + finding.wanted());
    } else if (!finding.hop().equals(shown)) {
      hop(finding.hop());
    }
    for (String reason : finding.reasons()) {
      out.append("\n         ✗ ").append(reason);
    }
  }

  private String call() {
    ToolCall call = decision.call();
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
    out.append(hop.grantor()).append(": ");
    out.append(ShortText.of(hop.words(), Reason.MAX_WORDS));
  }

  private void advice() {
    MissingActivation dormant = decision.dormant();
    if (dormant != null) {
      out.append("\n  ").append(forOperator ? decision.operatorReason() : decision.reason());
      for (Activation requirement : dormant.shown(knowsApprovers())) {
        out.append("\n  To wake the grant: ");
        out.append(
            requirement instanceof ApprovedBy
                ? "have it " + requirement + ": taper escalate request"
                : "say why: taper justify");
      }
      if (dormant.isHidden(knowsApprovers())) {
        out.append("\n  To have it approved: ask ").append(decision.audience()).append(" by whom");
      }
      return;
    }
    @Nullable Suggestion ask = decision.ask();
    // Of what is revoked, nobody asked whose token would be good.
    if (decision.failingHop() != null && decision.code() != DenialCode.REVOKED) {
      @Nullable String holder = decision.lastAllowed();
      out.append("\n  The last token in the chain that would allow it: ");
      if (!decision.lastAllowedKnown()) {
        out.append("unknown, it takes too much work to find out");
      } else if (holder == null && ask != null && ask.dormant() != null) {
        out.append(ask.whom()).append("'s, if ").append(needs(ask.dormant()));
      } else {
        out.append(holder == null ? "none" : holder + "'s");
      }
    }
    if (ask != null) {
      ask(ask);
    }
  }

  private void ask(Suggestion ask) {
    if (ask.dormant() != null) {
      out.append("\n  ").append(ask.whom()).append(" may, if ").append(needs(ask.dormant()));
    }
    out.append("\n  To allow it: ask ").append(ask.whom()).append(" for \"");
    out.append(ask.grant()).append('"');
    if (!ask.unnamed().isEmpty()) {
      out.append(", with any value of ").append(String.join(", ", ask.unnamed()));
    }
  }

  private String needs(MissingActivation dormant) {
    List<String> needs = new ArrayList<>();
    dormant.shown(knowsApprovers()).forEach(requirement -> needs.add(requirement.toString()));
    if (dormant.isHidden(knowsApprovers())) {
      needs.add("approved by whom " + decision.audience() + " asks for");
    }
    return String.join(" and ", needs);
  }

  private boolean knowsApprovers() {
    return forOperator || decision.approversPublished();
  }
}
