package dev.taper.operations.trail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.SafeJson;
import dev.taper.audit.AuditBasis;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditHop;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditRecord;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A record as an event of the Open Cybersecurity Schema Framework, version 1.7.0: class API
 * Activity (6003) with the profile security_control, but for findings. That class has no attribute
 * for the delegation, which is in {@code unmapped}.
 */
public final class OcsfEvent {
  /** The version of the schema. */
  public static final String VERSION = "1.7.0";

  private static final int CLASS = 6003;
  private static final int CATEGORY = 6;
  private static final JsonFactory FACTORY = SafeJson.factory();

  /** What kind of API activity a call or event is. */
  private enum Activity {
    CREATE(1),
    READ(2),
    UPDATE(3),
    DELETE(4),
    OTHER(99);

    final int id;

    Activity(int id) {
      this.id = id;
    }

    String caption() {
      return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }
  }

  private final AuditRecord record;
  private final AuditEvent event;
  private final UnaryOperator<String> naming;
  private final JsonGenerator json;

  private OcsfEvent(
      AuditRecord record, AuditEvent event, UnaryOperator<String> naming, JsonGenerator json) {
    this.record = record;
    this.event = event;
    this.naming = naming;
    this.json = json;
  }

  /**
   * The event as one line of JSON.
   *
   * @param record the record
   * @param event what it says
   * @param naming how keys are shown where a name belongs
   */
  public static String line(AuditRecord record, AuditEvent event, UnaryOperator<String> naming) {
    if (event.kind() == AuditKind.FINDING) {
      return OcsfFinding.line(record, event);
    }
    StringWriter out = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      new OcsfEvent(record, event, naming, json).write();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  private void write() throws IOException {
    Activity activity = activity();
    boolean denied = event.kind() == AuditKind.DENY;
    json.writeStartObject();
    json.writeNumberField("activity_id", activity.id);
    text("activity_name", activity == Activity.OTHER ? operation() : activity.caption());
    json.writeNumberField("category_uid", CATEGORY);
    text("category_name", "Application Activity");
    json.writeNumberField("class_uid", CLASS);
    text("class_name", "API Activity");
    json.writeNumberField("type_uid", CLASS * 100L + activity.id);
    json.writeNumberField("time", event.time().toEpochMilli());
    json.writeNumberField("severity_id", denied ? 2 : 1);
    text("severity", denied ? "Low" : "Informational");
    json.writeNumberField("status_id", denied ? 2 : 1);
    text("status", denied ? "Failure" : "Success");
    text("status_code", RecordWords.code(event));
    text("message", message());
    if (event.basis() != null) {
      control(event.basis(), denied);
    }
    metadata();
    actor();
    api();
    resources();
    unmapped();
    json.writeEndObject();
  }

  private Activity activity() {
    AuditEvent.Call call = event.call();
    return switch (event.kind()) {
      case MINT, DELEGATE -> Activity.CREATE;
      case REVOKE, TASK_END -> Activity.DELETE;
      case ALLOW, DENY ->
          switch (call == null || call.operation() == null ? "" : call.operation()) {
            case "create" -> Activity.CREATE;
            case "read", "get", "list", "search" -> Activity.READ;
            case "update", "write" -> Activity.UPDATE;
            case "delete" -> Activity.DELETE;
            default -> Activity.OTHER;
          };
      default -> Activity.OTHER;
    };
  }

  private String operation() {
    AuditEvent.Call call = event.call();
    if (event.basis() == null || call == null) {
      return "taper." + event.kind().text();
    }
    return call.operation() == null ? call.tool() : call.tool() + " " + call.operation();
  }

  private String message() {
    AuditEvent.Call call = event.call();
    return event.basis() == null || call == null
        ? RecordWords.event(event, naming)
        : RecordWords.call(call) + " " + done();
  }

  private String done() {
    return switch (event.kind()) {
      case ALLOW -> "allowed";
      case ASK -> "asked about";
      default -> "denied";
    };
  }

  private void control(AuditBasis grounds, boolean denied) throws IOException {
    boolean isAsk = event.kind() == AuditKind.ASK; // nothing was called, so nothing was done
    json.writeNumberField("action_id", isAsk ? 3 : denied ? 2 : 1);
    text("action", isAsk ? "Observed" : denied ? "Denied" : "Allowed");
    json.writeNumberField("disposition_id", isAsk ? 17 : denied ? 2 : 1);
    text("disposition", isAsk ? "Logged" : denied ? "Blocked" : "Allowed");
    json.writeObjectFieldStart("policy");
    text("name", RecordWords.decider(event));
    text("uid", grounds.policy());
    json.writeEndObject();
  }

  private void metadata() throws IOException {
    json.writeObjectFieldStart("metadata");
    text("version", VERSION);
    json.writeObjectFieldStart("product");
    text("name", "Taper");
    text("vendor_name", "Taper");
    json.writeEndObject();
    text("uid", record.hash());
    json.writeNumberField("sequence", record.sequence());
    text("event_code", event.kind().text());
    text("correlation_uid", event.task());
    if (event.basis() != null) {
      json.writeArrayFieldStart("profiles");
      json.writeString("security_control");
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private @Nullable AuditHop holder() {
    List<AuditHop> hops = event.hops();
    return hops.isEmpty() ? null : hops.get(hops.size() - 1);
  }

  /**
   * The application is the agent that proved the call; a token that anybody can use names an agent,
   * but does not say who acted. The user is the delegator.
   */
  private void actor() throws IOException {
    AuditHop holder = holder();
    AuditBasis grounds = event.basis();
    boolean proven = grounds != null && grounds.isProven();
    String name = proven ? RecordWords.holder(event) : event.by();
    String shown = name == null ? "unknown" : naming.apply(name);
    json.writeObjectFieldStart("actor");
    text("app_name", shown);
    if (proven && holder != null) {
      text("app_uid", holder.key().toString());
    }
    if (event.delegator() != null) {
      json.writeObjectFieldStart("user");
      text("name", event.delegator());
      json.writeEndObject();
    }
    json.writeEndObject();
    // A token knows no network address, but the class wants some name of its source.
    json.writeObjectFieldStart("src_endpoint");
    text("name", shown);
    json.writeEndObject();
  }

  private void api() throws IOException {
    json.writeObjectFieldStart("api");
    text("operation", operation());
    AuditEvent.Call call = event.call();
    if (call != null && call.audience() != null) {
      json.writeObjectFieldStart("service");
      text("name", call.audience());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private void resources() throws IOException {
    AuditEvent.Call call = event.call();
    if (call != null && call.resource() != null) {
      json.writeArrayFieldStart("resources");
      json.writeStartObject();
      text("name", call.resource());
      json.writeEndObject();
      json.writeEndArray();
    }
  }

  private void unmapped() throws IOException {
    json.writeObjectFieldStart("unmapped");
    json.writeObjectFieldStart("taper");
    text("record_hash", record.hash());
    text("previous_hash", record.previous());
    text("task", event.task());
    text("delegator", event.delegator());
    text("token", event.token());
    if (event.call() != null) {
      text("args_sha256", event.call().args());
      if (!event.call().recorded().isEmpty()) {
        json.writeObjectFieldStart("args");
        for (Map.Entry<String, String> each : event.call().recorded().entrySet()) {
          json.writeStringField(each.getKey(), each.getValue());
        }
        json.writeEndObject();
      }
    }
    chain();
    if (event.basis() != null) {
      grounds(event.basis());
    }
    subject();
    json.writeEndObject();
    json.writeEndObject();
  }

  private void chain() throws IOException {
    json.writeArrayFieldStart("delegation");
    for (AuditHop hop : event.hops()) {
      json.writeStartObject();
      json.writeNumberField("block", hop.block());
      text("mode", hop.mode().text());
      text("granted_by", hop.by());
      text("holder", hop.holder());
      text("key", hop.key().toString());
      text("token", hop.digest());
      text("granted", hop.granted());
      text("until", Objects.toString(hop.until(), null));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void grounds(AuditBasis grounds) throws IOException {
    text("root_key", grounds.rootKey().toString());
    json.writeBooleanField("proven", grounds.isProven());
    text("names", RecordWords.holder(event));
    number("omitted", grounds.omitted());
    text("proof_key", Objects.toString(grounds.proofKey(), null));
    text("presented", grounds.presented().text());
    number("failing_hop", grounds.failingHop());
    number("revocation_sequence", grounds.revocationSequence());
    number("revocation_age_ms", grounds.revocationAgeMillis());
    texts("approvals", grounds.approvals());
    texts("budgets", grounds.budgets());
    texts("justified", grounds.justified());
    text("catalog", grounds.catalog());
    if (grounds.isObserved()) {
      json.writeBooleanField("observed", true);
    }
    if (grounds.isAlone()) {
      json.writeBooleanField("alone", true);
    }
  }

  private void subject() throws IOException {
    AuditEvent.Subject subject = event.subject();
    if (subject != null) {
      json.writeObjectFieldStart("subject");
      text("type", subject.type());
      text("id", subject.id());
      text("until", Objects.toString(subject.until(), null));
      text("reason", subject.reason());
      text("decision", subject.decision());
      json.writeEndObject();
    }
  }

  private void number(String name, @Nullable Number value) throws IOException {
    if (value != null) {
      json.writeNumberField(name, value.longValue());
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
