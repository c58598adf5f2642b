package dev.taper.cli.revocation;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.cli.output.Json;
import dev.taper.operations.Place;
import dev.taper.operations.revoking.Revocable;
import dev.taper.operations.revoking.Revoker;
import java.io.IOException;
import java.util.List;

/** Writes as JSON what was revoked. */
final class RevokedJson {
  private RevokedJson() {}

  /** Things one by one. */
  static void things(JsonGenerator json, String name, List<Revocable> things) throws IOException {
    json.writeArrayFieldStart(name);
    for (Revocable each : things) {
      json.writeStartObject();
      json.writeStringField("kind", each.entry().kind().text());
      json.writeStringField("id", each.subject().id());
      json.writeStringField("fingerprint", each.entry().fingerprint().toString());
      Json.text(json, "task", each.task());
      Json.text(json, "until", each.entry().until());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** The list that is in force now. */
  static void report(JsonGenerator json, Place list, Revoker.Report report) throws IOException {
    json.writeStringField("list", list.shown());
    json.writeNumberField("number", report.issued().sequence());
    json.writeNumberField("new", report.issued().changed());
    if (report.ended().isPresent()) {
      json.writeNumberField("ended", report.ended().getAsInt());
    }
    json.writeNumberField("lapsed", report.lapsed().size());
    json.writeBooleanField("complete", report.failure() == null);
  }
}
