package dev.taper.cli.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.audit.AuditBasis;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.cli.io.KeyNames;
import dev.taper.cli.output.Json;
import dev.taper.operations.trail.RecordWords;
import dev.taper.operations.trail.Trail;
import dev.taper.operations.trail.Trail.Entry;
import dev.taper.operations.trail.Trail.TaskTrail;
import dev.taper.operations.trail.Trail.TokenTrail;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Writes a trail as JSON. */
final class TrailJson {
  private final Trail trail;
  private final @Nullable String warning;
  private final Instant now;
  private final JsonGenerator json;
  private final UnaryOperator<String> naming;

  TrailJson(Trail trail, Instant now, JsonGenerator json, KeyNames names) {
    this.trail = trail;
    this.warning = AuditNotes.warning(trail.verifications());
    this.now = now;
    this.json = json;
    this.naming = RecordWords.naming(names.names());
  }

  void write() throws IOException {
    json.writeBooleanField("verified", warning == null);
    if (trail.left() > 0) {
      json.writeNumberField("records_left_out", trail.left());
    }
    json.writeArrayFieldStart("tasks");
    for (TaskTrail task : trail.tasks()) {
      json.writeStartObject();
      Json.text(json, "task", task.id().isEmpty() ? null : task.id());
      Json.text(json, "purpose", trail.purpose(task));
      Json.text(json, "delegator", task.delegator());
      events(task.events());
      json.writeArrayFieldStart("tokens");
      for (TokenTrail root : task.roots()) {
        token(task, root);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void token(TaskTrail task, TokenTrail token) throws IOException {
    json.writeStartObject();
    Json.text(json, "token", token.hop().digest());
    Json.text(json, "holder", token.hop().holder());
    Json.text(json, "key", token.hop().key());
    Json.text(json, "mode", token.hop().mode().text());
    Json.text(json, "granted_by", token.hop().by());
    Json.text(json, "granted", trail.granted(token));
    Json.text(json, "until", token.until());
    Json.text(json, "state", trail.state(task, token, now));
    Entry end = trail.end(task, token);
    if (end != null) {
      json.writeObjectFieldStart("ended");
      place(end);
      Json.text(json, "kind", end.event().kind().text());
      by(end.event());
      json.writeEndObject();
    }
    Json.text(json, "first_seen", token.first().time());
    json.writeNumberField("allowed", token.allowed());
    json.writeNumberField("denied", token.denied());
    json.writeNumberField("denied_unproven", token.unproven());
    json.writeObjectFieldStart("used");
    for (Map.Entry<String, Trail.Used> kind : token.used().entrySet()) {
      json.writeObjectFieldStart(kind.getKey());
      json.writeNumberField("allowed", kind.getValue().allowed());
      json.writeNumberField("denied", kind.getValue().denied());
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeArrayFieldStart("calls");
    for (Entry call : token.calls()) {
      call(call);
    }
    json.writeEndArray();
    events(token.events());
    json.writeArrayFieldStart("handed_on");
    for (TokenTrail child : token.children()) {
      token(task, child);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void call(Entry entry) throws IOException {
    AuditEvent event = entry.event();
    json.writeStartObject();
    place(entry);
    json.writeBooleanField("allowed", event.kind() == AuditKind.ALLOW);
    Json.text(json, "code", RecordWords.code(event));
    Json.text(json, "decided_by", RecordWords.decider(event));
    parts(event);
    grounds(Objects.requireNonNull(event.basis()));
    json.writeEndObject();
  }

  private void grounds(AuditBasis grounds) throws IOException {
    Json.text(json, "presented", grounds.presented().text());
    json.writeBooleanField("proven", grounds.isProven());
    Json.text(json, "proof_key", grounds.proofKey());
    if (grounds.omitted() != null) {
      json.writeNumberField("omitted", grounds.omitted());
    }
    if (!grounds.approvals().isEmpty()) {
      Json.texts(json, "approvals", grounds.approvals());
      Json.texts(
          json,
          "approved_by",
          grounds.approvals().stream()
              .map(name -> naming.apply(name.substring(0, Math.max(0, name.indexOf(' ')))))
              .distinct()
              .toList());
    }
    if (!grounds.budgets().isEmpty()) {
      Json.texts(json, "budgets", grounds.budgets());
    }
    if (!grounds.justified().isEmpty()) {
      Json.texts(json, "justified", grounds.justified());
    }
    if (grounds.isObserved()) {
      json.writeBooleanField("observed", true);
    }
    if (grounds.isAlone()) {
      json.writeBooleanField("alone", true);
    }
  }

  private void events(List<Entry> entries) throws IOException {
    json.writeArrayFieldStart("events");
    for (Entry entry : entries) {
      AuditEvent event = entry.event();
      json.writeStartObject();
      place(entry);
      Json.text(json, "kind", event.kind().text());
      by(event);
      parts(event);
      if (event.basis() != null) {
        Json.text(json, "code", RecordWords.code(event));
        grounds(event.basis());
      }
      AuditEvent.Subject subject = event.subject();
      if (subject != null) {
        json.writeObjectFieldStart("subject");
        Json.text(json, "type", subject.type());
        Json.text(json, "id", subject.id());
        Json.text(json, "until", subject.until());
        Json.text(json, "reason", subject.reason());
        Json.text(json, "verdict", subject.decision());
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void by(AuditEvent event) throws IOException {
    Json.text(json, "by", event.by());
    String name = event.by() == null ? null : naming.apply(event.by());
    if (name != null && !name.equals(event.by())) {
      Json.text(json, "by_name", name);
    }
  }

  private void place(Entry entry) throws IOException {
    Json.text(json, "log", entry.log().isEmpty() ? null : entry.log());
    json.writeNumberField("record", entry.sequence());
    json.writeStringField("time", entry.time().toString());
  }

  private void parts(AuditEvent event) throws IOException {
    AuditEvent.Call call = event.call();
    if (call != null) {
      Json.text(json, "audience", call.audience());
      Json.text(json, "tool", call.tool());
      Json.text(json, "operation", call.operation());
      Json.text(json, "resource", call.resource());
      if (!call.recorded().isEmpty()) {
        json.writeObjectFieldStart("recorded");
        for (Map.Entry<String, String> each : call.recorded().entrySet()) {
          json.writeStringField(each.getKey(), each.getValue());
        }
        json.writeEndObject();
      }
    }
  }
}
