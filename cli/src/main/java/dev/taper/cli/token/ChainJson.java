package dev.taper.cli.token;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.agent.Delegation;
import dev.taper.agent.DelegationHop;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Grant;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.Room;
import dev.taper.cli.token.ChainView.HopView;
import java.io.IOException;
import java.util.List;

/** Writes the chain of a delegation token for programs. */
final class ChainJson {
  private ChainJson() {}

  static void write(JsonGenerator json, ChainView view) throws IOException {
    Room room = new Room();
    json.writeObjectFieldStart("delegation");
    json.writeStringField("delegator", view.chain().delegator());
    json.writeStringField("task", view.chain().task().id());
    Json.textOrNull(json, "purpose", view.chain().task().purpose());
    json.writeStringField("kind", view.chain().kind().text());
    json.writeNumberField("depth", view.chain().depth());
    json.writeFieldName("effective_authority");
    authority(json, view.authority(), room);
    json.writeBooleanField("expired", view.isExpired());
    json.writeArrayFieldStart("hops");
    for (HopView hop : view.hops()) {
      hop(json, hop, room);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void hop(JsonGenerator json, HopView view, Room room) throws IOException {
    DelegationHop hop = view.hop();
    json.writeStartObject();
    json.writeNumberField("block", hop.block());
    json.writeStringField("mode", hop.mode().text());
    json.writeStringField("granted_by", hop.grantor());
    Json.textOrNull(json, "signer", hop.signer());
    Json.textOrNull(json, "holder", hop.holder());
    json.writeStringField("holder_key", hop.holderKey().toString());
    json.writeStringField("words", hop.words());
    grants(json, view.grants(), room);
    Json.texts(json, "budgets", view.budgets());
    Json.texts(json, "conditions", view.conditions());
    if (hop.justification() != null) {
      Json.textOrNull(json, "justification", hop.justification().words());
    }
    Json.textOrNull(json, "expiry", hop.expiry());
    changes(json, view.changes());
    json.writeArrayFieldStart("warnings");
    for (Delegation.Warning warning : view.warnings()) {
      json.writeStartObject();
      json.writeStringField("kind", warning.kind().text());
      json.writeStringField("text", warning.text());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  static void changes(JsonGenerator json, List<AuthorityChange> changes) throws IOException {
    json.writeArrayFieldStart("narrows");
    for (AuthorityChange change : changes) {
      json.writeStartObject();
      json.writeStringField("dimension", change.dimension());
      json.writeStringField("before", change.before());
      json.writeStringField("after", change.after());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  static void authority(JsonGenerator json, EffectiveAuthority authority) throws IOException {
    authority(json, authority, new Room());
  }

  private static void authority(JsonGenerator json, EffectiveAuthority authority, Room room)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("words", ChainView.words(authority));
    json.writeBooleanField("empty", authority.isEmpty());
    json.writeBooleanField("listed", authority.isListed());
    grants(json, authority.alternatives(), room);
    if (authority.audiences() != null) {
      Json.texts(json, "audiences", authority.audiences());
    }
    Json.textOrNull(json, "not_before", authority.notBefore());
    Json.textOrNull(json, "expiry", authority.expiry());
    if (authority.maxDepth().isPresent()) {
      json.writeNumberField("max_depth", authority.maxDepth().getAsLong());
    }
    json.writeBooleanField("verified_holders", authority.isForVerifiedHolder());
    Json.texts(json, "budgets", authority.budgets());
    Json.texts(json, "other_checks", authority.opaqueChecks(), room);
    json.writeEndObject();
  }

  private static void grants(JsonGenerator json, List<Grant> grants, Room room) throws IOException {
    json.writeArrayFieldStart("grants");
    for (Grant grant : grants) {
      json.writeStartObject();
      json.writeStringField("text", room.fit(grant));
      Json.texts(json, "tools", grant.tools(), room);
      Json.texts(json, "operations", grant.operations(), room);
      Json.texts(json, "resources", grant.resources(), room);
      Json.texts(json, "arguments", grant.constraints(), room);
      Json.texts(json, "requires", grant.activations(), room);
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
