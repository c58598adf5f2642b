package dev.taper.cli.revocation;

import dev.taper.cli.output.Json;
import dev.taper.operations.Place;
import dev.taper.operations.revoking.Departure;
import dev.taper.operations.revoking.Revoker;
import java.io.PrintStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What rests on a person, and what was ended, as JSON. */
final class OffboardJson {
  private OffboardJson() {}

  /** Writes it; without a list and a report, nothing was ended. */
  static void write(
      PrintStream out, Departure departure, @Nullable Place list, Revoker.@Nullable Report report) {
    Json.object(
        out,
        json -> {
          Json.texts(json, "names", departure.names());
          DelegationRows.write(json, "delegated", departure.delegated());
          DelegationRows.write(json, "handed_on", departure.granted());
          DelegationRows.write(json, "held", departure.held());
          Json.texts(json, "keys", departure.keys());
          Json.texts(json, "root_keys", departure.rootKeys());
          json.writeArrayFieldStart("approvals");
          for (Departure.LivingApproval each : departure.approvals()) {
            json.writeStartObject();
            json.writeStringField("approver", each.approver());
            json.writeStringField("id", each.id());
            json.writeStringField("until", each.until().toString());
            Json.text(json, "task", each.task());
            Json.text(json, "tool", each.tool());
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeArrayFieldStart("agents");
          for (Map.Entry<String, Long> each : departure.impact().ending().entrySet()) {
            json.writeStartObject();
            json.writeStringField("name", each.getKey());
            json.writeNumberField("ending", each.getValue());
            json.writeNumberField(
                "staying", departure.impact().staying().getOrDefault(each.getKey(), 0L));
            json.writeEndObject();
          }
          json.writeEndArray();
          Json.texts(json, "names_file_must_lose", departure.left());
          json.writeNumberField("ending", departure.impact().ended());
          RevokedJson.things(json, "revocations", departure.revocables());
          json.writeBooleanField("done", report != null);
          if (list != null && report != null) {
            RevokedJson.report(json, list, report);
          }
        });
  }
}
