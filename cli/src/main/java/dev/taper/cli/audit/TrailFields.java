package dev.taper.cli.audit;

import dev.taper.JsonFields;
import dev.taper.audit.AuditBasis;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.cli.io.KeyNames;
import dev.taper.operations.trail.RecordWords;
import dev.taper.operations.trail.Trail;
import dev.taper.operations.trail.Trail.Entry;
import dev.taper.operations.trail.Trail.TaskTrail;
import dev.taper.operations.trail.Trail.TokenTrail;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** A trail for programs. */
final class TrailFields {
  private final Trail trail;
  private final Instant now;
  private final UnaryOperator<String> naming;

  TrailFields(Trail trail, Instant now, KeyNames names) {
    this.trail = trail;
    this.now = now;
    this.naming = RecordWords.naming(names.names());
  }

  /** All of it. */
  JsonFields all() {
    return new JsonFields()
        .put("verified", AuditNotes.warning(trail.verifications()) == null)
        .putIfPresent("records_left_out", trail.left() > 0 ? trail.left() : null)
        .rows("tasks", trail.tasks(), this::task);
  }

  private JsonFields task(TaskTrail task) {
    return new JsonFields()
        .putIfPresent("task", task.id().isEmpty() ? null : task.id())
        .putIfPresent("purpose", trail.purpose(task))
        .putIfPresent("delegator", task.delegator())
        .rows("events", task.events(), this::event)
        .rows("tokens", task.roots(), root -> token(task, root));
  }

  private JsonFields token(TaskTrail task, TokenTrail token) {
    Entry end = trail.end(task, token);
    Map<String, JsonFields> used = new LinkedHashMap<>();
    token
        .used()
        .forEach(
            (kind, calls) ->
                used.put(
                    kind,
                    new JsonFields()
                        .put("allowed", calls.allowed())
                        .put("denied", calls.denied())));
    return new JsonFields()
        .putIfPresent("token", token.hop().digest())
        .putIfPresent("holder", token.hop().holder())
        .putIfPresent("key", token.hop().key())
        .putIfPresent("mode", token.hop().mode().text())
        .putIfPresent("granted_by", token.hop().by())
        .putIfPresent("granted", trail.granted(token))
        .putIfPresent("until", token.until())
        .putIfPresent("state", trail.state(task, token, now))
        .putIfPresent("ended", end == null ? null : end(end))
        .putIfPresent("first_seen", token.first().time())
        .put("allowed", token.allowed())
        .put("denied", token.denied())
        .put("denied_unproven", token.unproven())
        .put("used", used)
        .rows("calls", token.calls(), this::call)
        .rows("events", token.events(), this::event)
        .rows("handed_on", token.children(), child -> token(task, child));
  }

  private JsonFields end(Entry end) {
    return place(end).put("kind", end.event().kind().text()).putAll(by(end.event()));
  }

  private JsonFields call(Entry entry) {
    AuditEvent event = entry.event();
    return place(entry)
        .put("allowed", event.kind() == AuditKind.ALLOW)
        .putIfPresent("code", RecordWords.code(event))
        .putIfPresent("decided_by", RecordWords.decider(event))
        .putAll(parts(event))
        .putAll(grounds(Objects.requireNonNull(event.basis())));
  }

  private JsonFields grounds(AuditBasis grounds) {
    JsonFields fields =
        new JsonFields()
            .put("presented", grounds.presented().text())
            .put("proven", grounds.isProven())
            .putIfPresent("proof_key", grounds.proofKey())
            .putIfPresent("omitted", grounds.omitted());
    if (!grounds.approvals().isEmpty()) {
      fields.put("approvals", grounds.approvals());
      fields.put(
          "approved_by",
          grounds.approvals().stream()
              .map(name -> naming.apply(name.substring(0, Math.max(0, name.indexOf(' ')))))
              .distinct()
              .toList());
    }
    return fields
        .putIfPresent("budgets", grounds.budgets().isEmpty() ? null : grounds.budgets())
        .putIfPresent("justified", grounds.justified().isEmpty() ? null : grounds.justified())
        .putIfPresent("observed", grounds.isObserved() ? true : null)
        .putIfPresent("alone", grounds.isAlone() ? true : null);
  }

  private JsonFields event(Entry entry) {
    AuditEvent event = entry.event();
    JsonFields fields =
        place(entry).put("kind", event.kind().text()).putAll(by(event)).putAll(parts(event));
    if (event.basis() != null) {
      fields.putIfPresent("code", RecordWords.code(event)).putAll(grounds(event.basis()));
    }
    AuditEvent.Subject subject = event.subject();
    return fields.putIfPresent("subject", subject == null ? null : subject(subject));
  }

  private static JsonFields subject(AuditEvent.Subject subject) {
    return new JsonFields()
        .putIfPresent("type", subject.type())
        .putIfPresent("id", subject.id())
        .putIfPresent("until", subject.until())
        .putIfPresent("reason", subject.reason())
        .putIfPresent("verdict", subject.decision());
  }

  private JsonFields by(AuditEvent event) {
    String name = event.by() == null ? null : naming.apply(event.by());
    return new JsonFields()
        .putIfPresent("by", event.by())
        .putIfPresent("by_name", name == null || name.equals(event.by()) ? null : name);
  }

  private static JsonFields place(Entry entry) {
    return new JsonFields()
        .putIfPresent("log", entry.log().isEmpty() ? null : entry.log())
        .put("record", entry.sequence())
        .put("time", entry.time());
  }

  private static JsonFields parts(AuditEvent event) {
    AuditEvent.Call call = event.call();
    if (call == null) {
      return new JsonFields();
    }
    return new JsonFields()
        .putIfPresent("audience", call.audience())
        .putIfPresent("tool", call.tool())
        .putIfPresent("operation", call.operation())
        .putIfPresent("resource", call.resource())
        .putIfPresent("recorded", call.recorded().isEmpty() ? null : call.recorded());
  }
}
