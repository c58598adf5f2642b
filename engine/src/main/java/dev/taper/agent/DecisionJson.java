package dev.taper.agent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.SafeJson;
import dev.taper.agent.call.ShortText;
import dev.taper.agent.call.ToolCall;
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
  private static final int VERSION = 1;

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
    if (decision.code() != null) {
      json.writeStringField("code", decision.code().text());
      json.writeStringField("reason", forOperator ? decision.operatorReason() : decision.reason());
    }
    json.writeStringField("audience", decision.audience());
    call(decision.call());
    chain(decision.chain(), json);
    if (forOperator && decision.policy() != null) {
      json.writeObjectFieldStart("policy");
      text("part", decision.policy().part());
      json.writeNumberField("index", decision.policy().index());
      json.writeStringField("text", decision.policy().text());
      json.writeEndObject();
    }
    findings(forOperator ? decision.operatorFindings() : decision.findings());
    text("last_allowed", decision.lastAllowed());
    if (!decision.lastAllowedKnown()) {
      json.writeBooleanField("last_allowed_unknown", true);
    }
    if (decision.ask() != null) {
      ask(decision.ask());
    }
    if (decision.dormant() != null) {
      dormant(decision.dormant());
    }
    json.writeEndObject();
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

  private void ask(Suggestion ask) throws IOException {
    json.writeObjectFieldStart("ask");
    json.writeStringField("whom", ask.whom());
    json.writeStringField("grant", ask.grant().toString());
    if (!ask.unnamed().isEmpty()) {
      texts("any_value_of", ask.unnamed());
    }
    if (ask.dormant() != null) {
      dormant(ask.dormant());
    }
    json.writeEndObject();
  }

  private void dormant(MissingActivation dormant) throws IOException {
    boolean all = forOperator || decision.approversPublished();
    json.writeObjectFieldStart("dormant");
    if (dormant.hop() != null) {
      json.writeNumberField("block", dormant.hop().block());
    }
    if (dormant.grant() != null) {
      json.writeStringField("grant", dormant.grant().toString());
    }
    List<String> missing = new ArrayList<>();
    dormant.shown(all).forEach(requirement -> missing.add(requirement.toString()));
    texts("missing", missing);
    texts("approvers", all ? dormant.approvers() : dormant.approversOfGrants());
    if (dormant.isHidden(all)) {
      json.writeBooleanField("ask_service", true);
    }
    json.writeEndObject();
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
      json.writeStringField("scope", ShortText.of(hop.words(), Reason.MAX_CHECK));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void findings(List<Reason> findings) throws IOException {
    if (findings.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("findings");
    for (Reason finding : findings) {
      json.writeStartObject();
      if (finding.hop() != null) {
        json.writeNumberField("block", finding.hop().block());
        json.writeStringField("added_by", finding.hop().grantor());
      }
      text("part", finding.part());
      if (!finding.check().isEmpty()) {
        json.writeStringField("check", finding.check());
      }
      texts("reasons", finding.reasons());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
