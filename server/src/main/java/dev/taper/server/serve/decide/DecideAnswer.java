package dev.taper.server.serve.decide;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.SafeJson;
import dev.taper.agent.CallDecision;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.mcp.McpJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** Writes what a service is answered; {@code decide-answer.schema.json} has the JSON. */
final class DecideAnswer {
  private static final JsonFactory FACTORY = SafeJson.factory();
  private static final Map<String, String> FIELDS =
      Map.of("Content-Type", "application/json", "Cache-Control", "no-store");

  private DecideAnswer() {}

  /** Writes the members of one JSON object. */
  @FunctionalInterface
  interface Members {
    void write(JsonGenerator json) throws IOException;
  }

  /** An answer of one JSON object. */
  static HttpAnswer json(int status, Members members) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      members.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new HttpAnswer(status, FIELDS, out.toByteArray());
  }

  static HttpAnswer of(Judge.Judged judged) {
    return json(
        200,
        json -> {
          json.writeBooleanField("allowed", true);
          CallDecision.Allowed decision = judged.decision();
          if (decision != null) {
            raw(json, "decision", decision.toJson());
            raw(json, "call", SafeJson.escaped(decision.call().toJson()));
          }
          if (judged.params() != null) {
            raw(
                json,
                "params",
                SafeJson.escaped(McpJson.write(judged.params(), Integer.MAX_VALUE)));
          }
          if (judged.tools() != null) {
            json.writeArrayFieldStart("tools");
            for (String tool : judged.tools()) {
              json.writeString(tool);
            }
            json.writeEndArray();
          }
        });
  }

  static HttpAnswer of(HttpRefusal refusal) {
    return json(
        200,
        json -> {
          json.writeBooleanField("allowed", false);
          json.writeNumberField("status", refusal.status());
          json.writeObjectFieldStart("fields");
          for (Map.Entry<String, String> field : refusal.fields().entrySet()) {
            json.writeStringField(field.getKey(), field.getValue());
          }
          json.writeEndObject();
          raw(json, "refusal", refusal.toJson());
        });
  }

  private static void raw(JsonGenerator json, String name, String value) throws IOException {
    json.writeFieldName(name);
    json.writeRawValue(value);
  }
}
