package dev.taper.agent.decision;

import dev.taper.ShownText;
import dev.taper.agent.call.ShortText;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision.Denied;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.grant.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes a decision for people. */
final class DecisionText {
  /** The most checks that are shown; a token may hold thousands. */
  private static final int MAX_REASONS = 32;

  private final CallDecision decision;
  private final boolean forOperator;
  private final StringBuilder out = new StringBuilder();

  private DecisionText(CallDecision decision, DecisionView view) {
    this.decision = decision;
    this.forOperator = view == DecisionView.OPERATOR;
  }

  static String of(CallDecision decision, DecisionView view) {
    // Names are escaped here, too: some hold what cannot be seen, and look like others.
    return new DecisionText(decision, view)
        .write()
        .lines()
        .map(ShownText::escaped)
        .collect(Collectors.joining("\n"));
  }

  private String write() {
    if (!(decision instanceof Denied denied)) {
      out.append("ALLOWED  ").append(decision.audience()).append(" allows ").append(call());
      out.append("\n  ").append(decision.chain());
      Denied observed = forOperator ? observed() : null;
      return observed == null
          ? out.toString()
          : out + "\n  only observed; otherwise:\n" + of(observed, DecisionView.OPERATOR);
    }
    write(denied);
    return out.toString();
  }

  private @Nullable Denied observed() {
    return decision instanceof CallDecision.Allowed allowed ? allowed.observedDenial() : null;
  }

  private void write(Denied denied) {
    out.append("DENIED  ").append(denied.code().text()).append("  ").append(denied.audience());
    out.append(" refused ").append(call());
    List<Reason> reasons = forOperator ? denied.operatorReasons() : denied.reasons();
    if (reasons.isEmpty()) {
      hop(last());
      out.append("\n         ✗ ").append(shown(sentence(denied)));
    }
    DelegationHop shown = null;
    for (Reason reason : reasons.subList(0, Math.min(reasons.size(), MAX_REASONS))) {
      reason(reason, shown);
      shown = reason.hop();
    }
    if (reasons.size() > MAX_REASONS) {
      out.append("\n  and ").append(reasons.size() - MAX_REASONS).append(" checks more");
    }
    advice(denied);
  }

  private String sentence(Denied denied) {
    return forOperator ? denied.operatorReason() : denied.reason();
  }

  private void reason(Reason reason, @Nullable DelegationHop shown) {
    if (reason.hop() == null) {
      out.append("\n  ").append(decision.audience()).append(':');
      out.append(reason.part() == null ? "" : " " + reason.part() + ":");
      out.append(reason.wanted().isEmpty() ? "" : " " + shown(reason.wanted()));
    } else if (!reason.hop().equals(shown)) {
      hop(reason.hop());
    }
    for (String detail : reason.details()) {
      out.append("\n         ✗ ").append(shown(detail));
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
    out.append(
        switch (hop.mode()) {
          case NARROWED -> "  narrowed by ";
          case ROTATED -> "  rotated by ";
          default -> "  granted by ";
        });
    out.append(hop.grantor()).append(": ");
    out.append(shown(ShortText.of(hop.words(Reason.MAX_WORDS), Reason.MAX_WORDS)));
  }

  private void advice(Denied denied) {
    boolean all = forOperator || denied.approversPublished();
    MissingActivation missing = denied.missingActivation();
    if (missing != null) {
      out.append("\n  ").append(shown(sentence(denied)));
      for (Activation activation : first(missing.shown(all))) {
        out.append("\n  To activate the grant: ");
        out.append(
            activation.kind() == Activation.Kind.APPROVED
                ? "have the call " + shown(activation)
                : "say why the call is made");
      }
      if (missing.isHidden(all)) {
        out.append("\n  To have it approved: ask ").append(decision.audience()).append(" by whom");
      }
      return;
    }
    @Nullable Suggestion suggestion = denied.suggestion();
    // For a revoked token, nobody asked whose token would be good.
    if (denied.failingHop() != null && denied.code() != DenialCode.REVOKED) {
      @Nullable DelegationHop last = denied.lastAllowed();
      out.append("\n  The last token in the chain that would allow it: ");
      if (!denied.lastAllowedKnown()) {
        out.append("unknown, it takes too much work to find out");
      } else if (last == null && suggestion != null && suggestion.missingActivation() != null) {
        out.append(suggestion.whom()).append("'s, if ");
        out.append(needs(suggestion.missingActivation(), all));
      } else {
        out.append(last == null ? "none" : last.holderName() + "'s");
      }
    }
    if (suggestion != null) {
      suggestion(suggestion, all);
    }
  }

  private void suggestion(Suggestion suggestion, boolean all) {
    if (suggestion.missingActivation() != null) {
      out.append("\n  ").append(suggestion.whom()).append(" may, if ");
      out.append(needs(suggestion.missingActivation(), all));
    }
    out.append("\n  To allow it: ask ").append(suggestion.whom()).append(" for \"");
    out.append(shown(suggestion.grant().toString())).append('"');
    if (!suggestion.unnamed().isEmpty()) {
      out.append(", with any value of ").append(String.join(", ", suggestion.unnamed()));
    }
  }

  private String needs(MissingActivation missing, boolean all) {
    List<String> needs = new ArrayList<>();
    first(missing.shown(all)).forEach(activation -> needs.add(shown(activation)));
    if (missing.isHidden(all)) {
      needs.add("approved by whom " + decision.audience() + " asks for");
    }
    return String.join(" and ", needs);
  }

  private static List<Activation> first(List<Activation> activations) {
    return activations.subList(0, Math.min(activations.size(), MAX_REASONS));
  }

  private static String shown(Activation activation) {
    return ShortText.of(activation.toString(), Reason.MAX_WORDS);
  }

  /** What a token or a call says, so that it begins no line of its own and moves nothing. */
  private static String shown(String words) {
    return ShownText.escaped(words);
  }
}
