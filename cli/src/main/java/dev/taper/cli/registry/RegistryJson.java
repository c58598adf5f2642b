package dev.taper.cli.registry;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.cli.output.Json;
import dev.taper.store.registry.Delegated;
import java.io.IOException;

/** Delegations as JSON. */
final class RegistryJson {
  private RegistryJson() {}

  /** The members of a delegation. */
  static void write(JsonGenerator json, Delegated delegation) throws IOException {
    json.writeStringField("id", delegation.id());
    Json.text(json, "parent", delegation.parent());
    json.writeStringField("delegator", delegation.delegator());
    json.writeStringField("task", delegation.task());
    Json.text(json, "purpose", delegation.purpose());
    json.writeStringField("granted_by", delegation.grantor());
    Json.text(json, "holder", delegation.holder());
    json.writeStringField("holder_key", delegation.holderKey());
    json.writeNumberField("depth", delegation.depth());
    json.writeStringField("granted", delegation.granted());
    Json.texts(json, "tools", delegation.tools());
    Json.texts(json, "never_called", delegation.unexercised());
    json.writeNumberField("calls", delegation.calls());
    json.writeNumberField("denied", delegation.denied());
    Json.text(json, "last_call", delegation.lastCall());
    Json.text(json, "ends", delegation.endsAt());
    Json.text(json, "recorded", delegation.recordedAt());
    Json.text(json, "root_key", delegation.rootKey());
    json.writeStringField("fingerprint", delegation.fingerprint());
  }
}
