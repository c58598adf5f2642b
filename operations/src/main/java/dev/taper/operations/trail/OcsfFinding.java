package dev.taper.operations.trail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.SafeJson;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditHop;
import dev.taper.audit.AuditRecord;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The record of a finding as an event of OCSF, class Detection Finding (2004). What was counted and
 * what to do stand in words; keys and digests are in {@code evidences} and {@code unmapped}.
 */
final class OcsfFinding {
  private static final int CLASS = 2004;
  private static final int CATEGORY = 2;
  private static final int CREATE = 1;
  private static final int NEW = 1;
  private static final int MEDIUM = 3;
  private static final int HIGH = 4;
  private static final JsonFactory FACTORY = SafeJson.factory();

  private OcsfFinding() {}

  /** The event as one line of JSON. */
  static String line(AuditRecord record, AuditEvent event) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      head(record, event, json);
      evidences(event, json);
      unmapped(record, event, json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  private static void head(AuditRecord record, AuditEvent event, JsonGenerator json)
      throws IOException {
    AuditEvent.Subject subject = event.subject();
    String rule = subject == null ? "finding" : subject.id();
    String words = subject == null ? null : subject.reason();
    boolean isReported =
        subject == null || subject.decision() == null || subject.decision().equals("report");
    json.writeNumberField("activity_id", CREATE);
    json.writeStringField("activity_name", "Create");
    json.writeNumberField("category_uid", CATEGORY);
    json.writeStringField("category_name", "Findings");
    json.writeNumberField("class_uid", CLASS);
    json.writeStringField("class_name", "Detection Finding");
    json.writeNumberField("type_uid", CLASS * 100L + CREATE);
    json.writeNumberField("time", event.time().toEpochMilli());
    json.writeNumberField("severity_id", isReported ? MEDIUM : HIGH);
    json.writeStringField("severity", isReported ? "Medium" : "High");
    json.writeNumberField("status_id", NEW);
    json.writeStringField("status", "New");
    text(json, "message", words);
    json.writeObjectFieldStart("finding_info");
    json.writeStringField("uid", record.hash());
    json.writeStringField("title", rule);
    text(json, "desc", words);
    json.writeNumberField("created_time", event.time().toEpochMilli());
    json.writeArrayFieldStart("types");
    json.writeString("taper." + rule);
    json.writeEndArray();
    json.writeEndObject();
    json.writeObjectFieldStart("metadata");
    json.writeStringField("version", OcsfEvent.VERSION);
    json.writeObjectFieldStart("product");
    json.writeStringField("name", "Taper");
    json.writeStringField("vendor_name", "Taper");
    json.writeEndObject();
    json.writeStringField("uid", record.hash());
    json.writeNumberField("sequence", record.sequence());
    json.writeStringField("event_code", event.kind().text());
    text(json, "correlation_uid", event.task());
    json.writeEndObject();
  }

  /** Whose token it is about; the words say who is meant, and whether anything is proven. */
  private static void evidences(AuditEvent event, JsonGenerator json) throws IOException {
    List<AuditHop> hops = event.hops();
    if (hops.isEmpty()) {
      return;
    }
    AuditHop last = hops.get(hops.size() - 1);
    json.writeArrayFieldStart("evidences");
    json.writeStartObject();
    json.writeObjectFieldStart("actor");
    text(json, "app_name", last.holder());
    json.writeStringField("app_uid", last.key().toString());
    if (event.delegator() != null) {
      json.writeObjectFieldStart("user");
      json.writeStringField("name", event.delegator());
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndArray();
  }

  private static void unmapped(AuditRecord record, AuditEvent event, JsonGenerator json)
      throws IOException {
    json.writeObjectFieldStart("unmapped");
    json.writeObjectFieldStart("taper");
    json.writeStringField("record_hash", record.hash());
    json.writeStringField("previous_hash", record.previous());
    text(json, "task", event.task());
    text(json, "delegator", event.delegator());
    text(json, "token", event.token());
    text(json, "response", event.subject() == null ? null : event.subject().decision());
    json.writeArrayFieldStart("delegation");
    for (AuditHop hop : event.hops()) {
      json.writeStartObject();
      json.writeNumberField("block", hop.block());
      json.writeStringField("granted_by", hop.by());
      text(json, "holder", hop.holder());
      json.writeStringField("key", hop.key().toString());
      json.writeStringField("token", hop.digest());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void text(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }
}
