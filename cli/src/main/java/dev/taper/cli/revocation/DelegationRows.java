package dev.taper.cli.revocation;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.cli.output.Json;
import dev.taper.store.registry.Delegated;
import java.io.IOException;
import java.util.List;

/** Living delegations in JSON, where they are listed because of what they rest on. */
public final class DelegationRows {
  private DelegationRows() {}

  /**
   * Writes an array of them.
   *
   * @param json in an object
   * @param name the array's name
   * @throws IOException from the generator
   */
  public static void write(JsonGenerator json, String name, List<Delegated> delegations)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (Delegated each : delegations) {
      json.writeStartObject();
      json.writeStringField("id", each.id());
      json.writeStringField("holder", each.holderName());
      json.writeStringField("holder_key", each.holderKey());
      json.writeStringField("from", each.grantor());
      json.writeStringField("delegator", each.delegator());
      json.writeStringField("task", each.task());
      json.writeStringField("granted", each.granted());
      Json.text(json, "ends_at", each.endsAt());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
