package dev.taper.operations.trail;

import dev.taper.JsonFields;
import dev.taper.audit.AuditBasis;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditHop;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditRecord;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

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

  private OcsfEvent(AuditRecord record, AuditEvent event, UnaryOperator<String> naming) {
    this.record = record;
    this.event = event;
    this.naming = naming;
  }

  /**
   * The event as one line of JSON.
   *
   * @param record the record
   * @param event what it says
   * @param naming how keys are shown where a name belongs
   */
  public static String line(AuditRecord record, AuditEvent event, UnaryOperator<String> naming) {
    JsonFields all =
        event.kind() == AuditKind.FINDING
            ? OcsfFinding.fields(record, event)
            : new OcsfEvent(record, event, naming).fields();
    return all.toJson();
  }

  private JsonFields fields() {
    Activity activity = activity();
    boolean denied = event.kind() == AuditKind.DENY;
    JsonFields all =
        new JsonFields()
            .put("activity_id", activity.id)
            .put("activity_name", activity == Activity.OTHER ? operation() : activity.caption())
            .put("category_uid", CATEGORY)
            .put("category_name", "Application Activity")
            .put("class_uid", CLASS)
            .put("class_name", "API Activity")
            .put("type_uid", CLASS * 100L + activity.id)
            .put("time", event.time().toEpochMilli())
            .put("severity_id", denied ? 2 : 1)
            .put("severity", denied ? "Low" : "Informational")
            .put("status_id", denied ? 2 : 1)
            .put("status", denied ? "Failure" : "Success")
            .putIfPresent("status_code", RecordWords.code(event))
            .put("message", message());
    JsonFields metadata = metadata(record, event);
    if (event.basis() != null) {
      control(all, event.basis(), denied);
      metadata.put("profiles", List.of("security_control"));
    }
    all.put("metadata", metadata);
    actor(all);
    AuditEvent.Call call = event.call();
    JsonFields api = new JsonFields().put("operation", operation());
    if (call != null && call.audience() != null) {
      api.put("service", new JsonFields().put("name", call.audience()));
    }
    all.put("api", api);
    if (call != null && call.resource() != null) {
      all.put("resources", List.of(new JsonFields().put("name", call.resource())));
    }
    return all.put("unmapped", new JsonFields().put("taper", unmapped()));
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

  private void control(JsonFields all, AuditBasis grounds, boolean denied) {
    boolean isAsk = event.kind() == AuditKind.ASK; // nothing was called, so nothing was done
    all.put("action_id", isAsk ? 3 : denied ? 2 : 1)
        .put("action", isAsk ? "Observed" : denied ? "Denied" : "Allowed")
        .put("disposition_id", isAsk ? 17 : denied ? 2 : 1)
        .put("disposition", isAsk ? "Logged" : denied ? "Blocked" : "Allowed")
        .put(
            "policy",
            new JsonFields()
                .putIfPresent("name", RecordWords.decider(event))
                .putIfPresent("uid", grounds.policy()));
  }

  /** What every event says of its record. */
  static JsonFields metadata(AuditRecord record, AuditEvent event) {
    return new JsonFields()
        .put("version", VERSION)
        .put("product", new JsonFields().put("name", "Taper").put("vendor_name", "Taper"))
        .put("uid", record.hash())
        .put("sequence", record.sequence())
        .put("event_code", event.kind().text())
        .putIfPresent("correlation_uid", event.task());
  }

  /** Adds the delegator, if the record says who that is. */
  static JsonFields user(JsonFields actor, AuditEvent event) {
    return event.delegator() == null
        ? actor
        : actor.put("user", new JsonFields().put("name", event.delegator()));
  }

  /**
   * The application is the agent that proved the call; a token that anybody can use names an agent,
   * but does not say who acted. The user is the delegator.
   */
  private void actor(JsonFields all) {
    AuditBasis grounds = event.basis();
    boolean proven = grounds != null && grounds.isProven();
    String name = proven ? RecordWords.holder(event) : event.by();
    String shown = name == null ? "unknown" : naming.apply(name);
    JsonFields actor = new JsonFields().put("app_name", shown);
    List<AuditHop> hops = event.hops();
    if (proven && !hops.isEmpty()) {
      actor.put("app_uid", hops.get(hops.size() - 1).key());
    }
    all.put("actor", user(actor, event));
    // A token knows no network address, but the class wants some name of its source.
    all.put("src_endpoint", new JsonFields().put("name", shown));
  }

  /** What every event says of the delegation, as far as it goes for all. */
  static JsonFields delegation(AuditRecord record, AuditEvent event) {
    return new JsonFields()
        .put("record_hash", record.hash())
        .put("previous_hash", record.previous())
        .putIfPresent("task", event.task())
        .putIfPresent("delegator", event.delegator())
        .putIfPresent("token", event.token());
  }

  private JsonFields unmapped() {
    JsonFields taper = delegation(record, event);
    AuditEvent.Call call = event.call();
    if (call != null) {
      taper.putIfPresent("args_sha256", call.args());
      taper.putIfPresent("args", call.recorded().isEmpty() ? null : call.recorded());
    }
    taper.rows(
        "delegation",
        event.hops(),
        hop ->
            new JsonFields()
                .put("block", hop.block())
                .put("mode", hop.mode().text())
                .put("granted_by", hop.by())
                .putIfPresent("holder", hop.holder())
                .put("key", hop.key())
                .put("token", hop.digest())
                .putIfPresent("granted", hop.granted())
                .putIfPresent("until", hop.until()));
    if (event.basis() != null) {
      grounds(taper, event.basis());
    }
    AuditEvent.Subject subject = event.subject();
    return subject == null
        ? taper
        : taper.put(
            "subject",
            new JsonFields()
                .put("type", subject.type())
                .put("id", subject.id())
                .putIfPresent("until", subject.until())
                .putIfPresent("reason", subject.reason())
                .putIfPresent("decision", subject.decision()));
  }

  private void grounds(JsonFields taper, AuditBasis grounds) {
    taper
        .put("root_key", grounds.rootKey())
        .put("proven", grounds.isProven())
        .putIfPresent("names", RecordWords.holder(event))
        .putIfPresent("omitted", grounds.omitted())
        .putIfPresent("proof_key", grounds.proofKey())
        .put("presented", grounds.presented().text())
        .putIfPresent("failing_hop", grounds.failingHop())
        .putIfPresent("revocation_sequence", grounds.revocationSequence())
        .putIfPresent("revocation_age_ms", grounds.revocationAgeMillis())
        .putIfAny("approvals", grounds.approvals())
        .putIfAny("budgets", grounds.budgets())
        .putIfAny("justified", grounds.justified())
        .putIfPresent("catalog", grounds.catalog())
        .putIfPresent("observed", grounds.isObserved() ? true : null)
        .putIfPresent("alone", grounds.isAlone() ? true : null);
  }
}
