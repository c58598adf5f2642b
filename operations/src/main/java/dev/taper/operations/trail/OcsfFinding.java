package dev.taper.operations.trail;

import dev.taper.JsonFields;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditHop;
import dev.taper.audit.AuditRecord;
import java.util.List;

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

  private OcsfFinding() {}

  static JsonFields fields(AuditRecord record, AuditEvent event) {
    AuditEvent.Subject subject = event.subject();
    String rule = subject == null ? "finding" : subject.id();
    String words = subject == null ? null : subject.reason();
    String response = subject == null ? null : subject.decision();
    boolean isReported = response == null || response.equals("report");
    JsonFields all =
        new JsonFields()
            .put("activity_id", CREATE)
            .put("activity_name", "Create")
            .put("category_uid", CATEGORY)
            .put("category_name", "Findings")
            .put("class_uid", CLASS)
            .put("class_name", "Detection Finding")
            .put("type_uid", CLASS * 100L + CREATE)
            .put("time", event.time().toEpochMilli())
            .put("severity_id", isReported ? MEDIUM : HIGH)
            .put("severity", isReported ? "Medium" : "High")
            .put("status_id", NEW)
            .put("status", "New")
            .putIfPresent("message", words)
            .put(
                "finding_info",
                new JsonFields()
                    .put("uid", record.hash())
                    .put("title", rule)
                    .putIfPresent("desc", words)
                    .put("created_time", event.time().toEpochMilli())
                    .put("types", List.of("taper." + rule)))
            .put("metadata", OcsfEvent.metadata(record, event));
    List<AuditHop> hops = event.hops();
    if (!hops.isEmpty()) {
      // Whose token it is about; the words say who is meant, and whether anything is proven.
      AuditHop last = hops.get(hops.size() - 1);
      JsonFields actor =
          new JsonFields().putIfPresent("app_name", last.holder()).put("app_uid", last.key());
      all.put("evidences", List.of(new JsonFields().put("actor", OcsfEvent.user(actor, event))));
    }
    JsonFields taper =
        OcsfEvent.delegation(record, event)
            .putIfPresent("response", response)
            .rows(
                "delegation",
                hops,
                hop ->
                    new JsonFields()
                        .put("block", hop.block())
                        .put("granted_by", hop.by())
                        .putIfPresent("holder", hop.holder())
                        .put("key", hop.key())
                        .put("token", hop.digest()));
    return all.put("unmapped", new JsonFields().put("taper", taper));
  }
}
