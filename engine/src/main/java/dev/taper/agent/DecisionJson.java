package dev.taper.agent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.SafeJson;
import dev.taper.agent.CallDecision.Denied;
import dev.taper.agent.call.ShortText;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.grant.Activation;
import dev.taper.token.Token;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
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

  private static final JsonFactory FACTORY = SafeJson.factory();

  private final CallDecision decision;
  private final boolean forOperator;
  private final JsonGenerator json;

  private DecisionJson(CallDecision decision, DecisionView view, JsonGenerator json) {
    this.decision = decision;
    this.forOperator = view == DecisionView.OPERATOR;
    this.json = json;
  }

  static String of(CallDecision decision, DecisionView view) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      new DecisionJson(decision, view, json).write(view);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  private void write(DecisionView view) throws IOException {
    json.writeStartObject();
    json.writeStringField("format", "taper/1 decision");
    json.writeNumberField("version", VERSION);
    json.writeStringField("view", view.text());
    json.writeBooleanField("allowed", decision.allowed());
    if (decision instanceof Denied denied) {
      json.writeStringField("code", denied.code().text());
      json.writeStringField("reason", forOperator ? denied.operatorReason() : denied.reason());
    }
    json.writeStringField("audience", decision.audience());
    call(decision.call());
    if (forOperator) {
      text("catalog", decision.call().catalogDigest());
    }
    chain(decision.chain(), json);
    if (forOperator && decision instanceof CallDecision.Allowed allowed) {
      observed(allowed.observedDenial());
    }
    if (forOperator && decision.policy() != null) {
      json.writeObjectFieldStart("policy");
      text("part", decision.policy().part());
      json.writeNumberField("index", decision.policy().index());
      json.writeStringField("text", decision.policy().text());
      json.writeEndObject();
    }
    if (decision instanceof Denied denied) {
      why(denied);
    }
    json.writeEndObject();
  }

  private void observed(@Nullable Denied denied) throws IOException {
    if (denied != null) {
      json.writeObjectFieldStart("observed_denial");
      json.writeStringField("code", denied.code().text());
      json.writeStringField("reason", denied.operatorReason());
      json.writeEndObject();
    }
  }

  private void why(Denied denied) throws IOException {
    reasons(forOperator ? denied.operatorReasons() : denied.reasons());
    DelegationHop last = denied.lastAllowed();
    if (last != null) {
      json.writeObjectFieldStart("last_allowed");
      json.writeNumberField("block", last.block());
      text("holder", last.holder());
      json.writeStringField(
          "kind", (last.holder() == null ? Token.Kind.BEARER : Token.Kind.HELD).text());
      json.writeEndObject();
    }
    if (!denied.lastAllowedKnown()) {
      json.writeBooleanField("last_allowed_unknown", true);
    }
    boolean all = forOperator || denied.approversPublished();
    if (denied.suggestion() != null) {
      suggestion(denied.suggestion(), all);
    }
    if (denied.missingActivation() != null) {
      missing(denied.missingActivation(), all);
    }
  }

  private void text(String name, @Nullable String value) throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  /** A caller knows its arguments; its texts need not carry them once more. */
  private void call(ToolCall call) throws IOException {
    json.writeFieldName("call");
    if (forOperator) {
      json.writeRawValue(SafeJson.escaped(call.toJson()));
      return;
    }
    json.writeStartObject();
    json.writeStringField("tool", call.tool());
    text("operation", call.operation());
    text("resource", call.resource());
    json.writeEndObject();
  }

  private void suggestion(Suggestion suggestion, boolean allApprovers) throws IOException {
    json.writeObjectFieldStart("suggestion");
    json.writeStringField("whom", suggestion.whom());
    json.writeStringField("grant", suggestion.grant().toString());
    if (!suggestion.unnamed().isEmpty()) {
      texts("any_value_of", suggestion.unnamed());
    }
    if (suggestion.missingActivation() != null) {
      missing(suggestion.missingActivation(), allApprovers);
    }
    json.writeEndObject();
  }

  private void missing(MissingActivation missing, boolean allApprovers) throws IOException {
    json.writeObjectFieldStart("missing_activation");
    if (missing.hop() != null) {
      json.writeNumberField("block", missing.hop().block());
    }
    if (missing.grant() != null) {
      json.writeStringField(
          "grant", ShortText.of(missing.grant().text(Reason.MAX_CHECK), Reason.MAX_CHECK));
    }
    List<String> activations = new ArrayList<>();
    for (Activation activation : missing.shown(allApprovers)) {
      activations.add(ShortText.of(activation.toString(), Reason.MAX_WORDS));
    }
    texts("missing", first(activations));
    List<String> approvers = allApprovers ? missing.approvers() : missing.approversOfGrants();
    texts("approvers", first(approvers));
    if (approvers.size() > MAX_LISTED) {
      json.writeNumberField("more_approvers", approvers.size() - MAX_LISTED);
    }
    if (missing.isHidden(allApprovers)) {
      json.writeBooleanField("ask_service", true);
    }
    json.writeEndObject();
  }

  private static List<String> first(List<String> values) {
    return values.subList(0, Math.min(values.size(), MAX_LISTED));
  }

  private void texts(String name, List<String> values) throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  private static void chain(DelegationChain chain, JsonGenerator json) throws IOException {
    json.writeStringField("delegator", chain.delegator());
    json.writeStringField("task", chain.task().id());
    int words = Math.min(Reason.MAX_CHECK, Math.max(1, MAX_HOPS / chain.hops().size()));
    json.writeArrayFieldStart("hops");
    for (DelegationHop hop : chain.hops()) {
      json.writeStartObject();
      json.writeNumberField("block", hop.block());
      json.writeStringField("mode", hop.mode().text());
      json.writeStringField("granted_by", hop.grantor());
      if (hop.holder() != null) {
        json.writeStringField("holder", hop.holder());
      }
      json.writeStringField("key", hop.holderKey().toString());
      json.writeStringField("grants", ShortText.of(hop.words(words), words));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void reasons(List<Reason> reasons) throws IOException {
    if (reasons.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("reasons");
    for (Reason reason : reasons) {
      json.writeStartObject();
      if (reason.hop() != null) {
        json.writeNumberField("block", reason.hop().block());
        json.writeStringField("added_by", reason.hop().grantor());
      }
      text("part", reason.part());
      if (!reason.check().isEmpty()) {
        json.writeStringField("check", reason.check());
      }
      texts("details", reason.details());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
