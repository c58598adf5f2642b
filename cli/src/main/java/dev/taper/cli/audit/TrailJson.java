package dev.taper.cli.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.audit.AuditBasis;
import dev.taper.audit.AuditCall;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditSubject;
import dev.taper.operations.trail.RecordWords;
import dev.taper.operations.trail.Trail.Entry;
import dev.taper.operations.trail.Trail.TaskTrail;
import dev.taper.operations.trail.Trail.TokenTrail;
import dev.taper.operations.trail.Trail;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes a trail as JSON. */
final class TrailJson {
  private final Trail trail;
  private final @Nullable String warning;
  private final Instant now;
  private final JsonGenerator json;

  TrailJson(Trail trail, Instant now, JsonGenerator json) {
    this.trail = trail;
    this.warning = AuditNotes.warning(trail.verification());
    this.now = now;
    this.json = json;
  }

  void write() throws IOException {
    json.writeBooleanField("verified", warning == null);
    json.writeArrayFieldStart("tasks");
    for (TaskTrail task : trail.tasks()) {
      json.writeStartObject();
      text("task", task.id().isEmpty() ? null : task.id());
      text("purpose", trail.purpose(task));
      text("delegator", task.delegator());
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
    text("token", token.hop().digest());
    text("holder", token.hop().holder());
    text("key", token.hop().key().toString());
    text("mode", token.hop().mode().text());
    text("granted_by", token.hop().by());
    text("granted", trail.granted(token));
    text("until", token.until() == null ? null : token.until().toString());
    text("state", trail.state(task, token, now));
    text("first_seen", token.first().time().toString());
    json.writeNumberField("allowed", token.allowed());
    json.writeNumberField("denied", token.denied());
    json.writeNumberField("denied_unproven", token.unproven());
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
    text("code", RecordWords.code(event));
    parts(event);
    grounds(Objects.requireNonNull(event.grounds()));
    json.writeEndObject();
  }

  private void grounds(AuditBasis grounds) throws IOException {
    text("presented", grounds.presented().text());
    json.writeBooleanField("proven", grounds.isProven());
    text("proof_key", grounds.proofKey() == null ? null : grounds.proofKey().toString());
    if (grounds.omitted() != null) {
      json.writeNumberField("omitted", grounds.omitted());
    }
    texts("approvals", grounds.approvals());
    texts("justified", grounds.justified());
  }

  private void events(List<Entry> entries) throws IOException {
    json.writeArrayFieldStart("events");
    for (Entry entry : entries) {
      AuditEvent event = entry.event();
      json.writeStartObject();
      place(entry);
      text("kind", event.kind().text());
      text("by", event.by());
      parts(event);
      if (event.grounds() != null) {
        text("code", RecordWords.code(event));
        grounds(event.grounds());
      }
      AuditSubject subject = event.subject();
      if (subject != null) {
        json.writeObjectFieldStart("subject");
        text("type", subject.type());
        text("id", subject.id());
        text("until", subject.until() == null ? null : subject.until().toString());
        text("reason", subject.reason());
        text("verdict", subject.verdict());
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void place(Entry entry) throws IOException {
    json.writeNumberField("record", entry.sequence());
    json.writeStringField("time", entry.time().toString());
  }

  private void parts(AuditEvent event) throws IOException {
    AuditCall call = event.call();
    if (call != null) {
      text("audience", call.audience());
      text("tool", call.tool());
      text("operation", call.operation());
      text("resource", call.resource());
    }
  }

  private void text(String name, @Nullable String value) throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  private void texts(String name, List<String> values) throws IOException {
    if (!values.isEmpty()) {
      json.writeArrayFieldStart(name);
      for (String value : values) {
        json.writeString(value);
      }
      json.writeEndArray();
    }
  }
}
