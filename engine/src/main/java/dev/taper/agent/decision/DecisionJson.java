package dev.taper.agent.decision;

import dev.taper.JsonFields;
import dev.taper.SafeJson;
import dev.taper.agent.call.ShortText;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision.Denied;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.grant.Activation;
import dev.taper.token.Token;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a decision as JSON, which {@code decision.schema.json} and {@code
 * operator-decision.schema.json} in {@code META-INF/taper} describe.
 */
final class DecisionJson {
  /** The version of both forms. */
  private static final int VERSION = 2;

  /** The most characters of the words of all hops together. */
  private static final int MAX_HOPS = 65_536;

  /** The most approvers that are listed, and the most activations. */
  private static final int MAX_LISTED = 64;

  private final boolean forOperator;

  /** True if approvers are named whom only policies name. */
  private final boolean allApprovers;

  private DecisionJson(CallDecision decision, DecisionView view) {
    this.forOperator = view == DecisionView.OPERATOR;
    this.allApprovers =
        forOperator || (decision instanceof Denied denied && denied.approversPublished());
  }

  static String of(CallDecision decision, DecisionView view) {
    return new DecisionJson(decision, view).fields(decision, view).toJson();
  }

  private JsonFields fields(CallDecision decision, DecisionView view) {
    JsonFields fields =
        new JsonFields()
            .put("format", "taper/1 decision")
            .put("version", VERSION)
            .put("view", view.text())
            .put("allowed", decision.allowed());
    Denied denied = decision instanceof Denied no ? no : null;
    if (denied != null) {
      fields.putAll(why(denied, forOperator));
    }
    fields.put("audience", decision.audience());
    call(decision.call(), fields);
    chain(decision.chain(), fields);
    if (forOperator && decision instanceof CallDecision.Allowed allowed) {
      Denied observed = allowed.observedDenial();
      fields.putIfPresent("observed_denial", observed == null ? null : why(observed, true));
    }
    if (forOperator && decision.policy() != null) {
      fields.put(
          "policy",
          new JsonFields()
              .putIfPresent("part", decision.policy().part())
              .put("index", decision.policy().index())
              .put("text", decision.policy().text()));
    }
    return denied == null ? fields : fields.putAll(advice(denied));
  }

  private static JsonFields why(Denied denied, boolean forOperator) {
    return new JsonFields()
        .put("code", denied.code().text())
        .put("reason", forOperator ? denied.operatorReason() : denied.reason());
  }

  private JsonFields advice(Denied denied) {
    JsonFields fields = new JsonFields();
    List<Reason> reasons = forOperator ? denied.operatorReasons() : denied.reasons();
    if (!reasons.isEmpty()) {
      fields.rows("reasons", reasons, DecisionJson::reason);
    }
    DelegationHop last = denied.lastAllowed();
    if (last != null) {
      fields.put(
          "last_allowed",
          new JsonFields()
              .put("block", last.block())
              .putIfPresent("holder", last.holder())
              .put("kind", (last.holder() == null ? Token.Kind.BEARER : Token.Kind.HELD).text()));
    }
    if (!denied.lastAllowedKnown()) {
      fields.put("last_allowed_unknown", true);
    }
    Suggestion suggestion = denied.suggestion();
    if (suggestion != null) {
      fields.put(
          "suggestion",
          new JsonFields()
              .put("whom", suggestion.whom())
              .put("grant", suggestion.grant())
              .putIfAny("any_value_of", suggestion.unnamed())
              .putIfPresent("missing_activation", missing(suggestion.missingActivation())));
    }
    return fields.putIfPresent("missing_activation", missing(denied.missingActivation()));
  }

  /** A caller knows its arguments; its texts need not carry them once more. */
  private void call(ToolCall call, JsonFields fields) {
    if (forOperator) {
      fields.json("call", SafeJson.escaped(call.toJson()));
      fields.putIfPresent("catalog", call.catalogDigest());
    } else {
      fields.put(
          "call",
          new JsonFields()
              .put("tool", call.tool())
              .putIfPresent("operation", call.operation())
              .putIfPresent("resource", call.resource()));
    }
  }

  private @Nullable JsonFields missing(@Nullable MissingActivation missing) {
    if (missing == null) {
      return null;
    }
    JsonFields fields = new JsonFields();
    if (missing.hop() != null) {
      fields.put("block", missing.hop().block());
    }
    if (missing.grant() != null) {
      fields.put("grant", ShortText.of(missing.grant().text(Reason.MAX_CHECK), Reason.MAX_CHECK));
    }
    List<String> activations = new ArrayList<>();
    for (Activation activation : missing.shown(allApprovers)) {
      activations.add(ShortText.of(activation.toString(), Reason.MAX_WORDS));
    }
    List<String> approvers = allApprovers ? missing.approvers() : missing.approversOfGrants();
    fields.put("missing", first(activations)).put("approvers", first(approvers));
    if (approvers.size() > MAX_LISTED) {
      fields.put("more_approvers", approvers.size() - MAX_LISTED);
    }
    return fields.putIfPresent("ask_service", missing.isHidden(allApprovers) ? true : null);
  }

  private static List<String> first(List<String> values) {
    return values.subList(0, Math.min(values.size(), MAX_LISTED));
  }

  private static void chain(DelegationChain chain, JsonFields fields) {
    int words = Math.min(Reason.MAX_CHECK, Math.max(1, MAX_HOPS / chain.hops().size()));
    fields
        .put("delegator", chain.delegator())
        .put("task", chain.task().id())
        .rows(
            "hops",
            chain.hops(),
            hop ->
                new JsonFields()
                    .put("block", hop.block())
                    .put("mode", hop.mode().text())
                    .put("granted_by", hop.grantor())
                    .putIfPresent("holder", hop.holder())
                    .put("key", hop.holderKey())
                    .put("grants", ShortText.of(hop.words(words), words)));
  }

  private static JsonFields reason(Reason reason) {
    JsonFields fields = new JsonFields();
    if (reason.hop() != null) {
      fields.put("block", reason.hop().block()).put("added_by", reason.hop().grantor());
    }
    return fields
        .putIfPresent("part", reason.part())
        .putIfPresent("check", reason.check().isEmpty() ? null : reason.check())
        .put("details", reason.details());
  }
}
