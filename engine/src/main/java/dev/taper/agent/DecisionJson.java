package dev.taper.agent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.SafeJson;
import dev.taper.agent.grant.Requirement;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Writes a decision as JSON. */
final class DecisionJson {
  private static final JsonFactory FACTORY = SafeJson.factory();

  private DecisionJson() {}

  static String of(CallDecision decision) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      json.writeBooleanField("allowed", decision.allowed());
      if (decision.code() != null) {
        json.writeStringField("code", decision.code().text());
        json.writeStringField("reason", decision.reason());
      }
      json.writeStringField("audience", decision.audience());
      json.writeFieldName("call");
      json.writeRawValue(SafeJson.escaped(decision.call().toJson()));
      chain(decision.chain(), json);
      if (decision.policy() != null) {
        json.writeObjectFieldStart("policy");
        if (decision.policy().part() != null) {
          json.writeStringField("part", decision.policy().part());
        }
        json.writeNumberField("index", decision.policy().index());
        json.writeStringField("text", decision.policy().text());
        json.writeEndObject();
      }
      findings(decision, json);
      if (decision.lastAllowed() != null) {
        json.writeStringField("last_allowed", decision.lastAllowed());
      }
      if (decision.ask() != null) {
        json.writeObjectFieldStart("ask");
        json.writeStringField("whom", decision.ask().whom());
        json.writeStringField("grant", decision.ask().grant().toString());
        json.writeEndObject();
      }
      if (decision.dormant() != null) {
        dormant(decision.dormant(), json);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  private static void dormant(Dormant dormant, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("dormant");
    json.writeNumberField("block", dormant.hop().block());
    json.writeStringField("grant", dormant.grant().toString());
    json.writeArrayFieldStart("missing");
    for (Requirement requirement : dormant.missing()) {
      json.writeString(requirement.toString());
    }
    json.writeEndArray();
    json.writeArrayFieldStart("approvers");
    for (String approver : dormant.approvers()) {
      json.writeString(approver);
    }
    json.writeEndArray();
    json.writeEndObject();
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
      json.writeStringField("scope", hop.words());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void findings(CallDecision decision, JsonGenerator json) throws IOException {
    if (decision.findings().isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("findings");
    for (Finding finding : decision.findings()) {
      json.writeStartObject();
      if (finding.hop() != null) {
        json.writeNumberField("block", finding.hop().block());
        json.writeStringField("added_by", finding.hop().grantor());
      }
      if (finding.part() != null) {
        json.writeStringField("part", finding.part());
      }
      if (!finding.check().isEmpty()) {
        json.writeStringField("check", finding.check());
      }
      json.writeArrayFieldStart("reasons");
      for (String reason : finding.reasons()) {
        json.writeString(reason);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
