package dev.taper.cli.registry;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.store.registry.Delegated;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Delegations as JSON. */
final class RegistryJson {
  private RegistryJson() {}

  /** The members of a delegation. */
  static void write(JsonGenerator json, Delegated delegation) throws IOException {
    json.writeStringField("id", delegation.id());
    text(json, "parent", delegation.parent());
    json.writeStringField("delegator", delegation.delegator());
    json.writeStringField("task", delegation.task());
    text(json, "purpose", delegation.purpose());
    json.writeStringField("granted_by", delegation.grantor());
    text(json, "holder", delegation.holder());
    json.writeStringField("holder_key", delegation.holderKey());
    json.writeNumberField("depth", delegation.depth());
    json.writeStringField("granted", delegation.granted());
    list(json, "tools", delegation.tools());
    list(json, "never_called", delegation.unexercised());
    json.writeNumberField("calls", delegation.calls());
    json.writeNumberField("denied", delegation.denied());
    moment(json, "last_call", delegation.lastCall());
    moment(json, "ends", delegation.endsAt());
    moment(json, "recorded", delegation.recordedAt());
    text(json, "root_key", delegation.rootKey());
    json.writeStringField("fingerprint", delegation.fingerprint());
  }

  private static void list(JsonGenerator json, String name, List<String> values)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  static void moment(JsonGenerator json, String name, @Nullable Instant moment) throws IOException {
    text(json, name, moment == null ? null : moment.toString());
  }

  static void text(JsonGenerator json, String name, @Nullable String text) throws IOException {
    if (text != null) {
      json.writeStringField(name, text);
    }
  }
}
