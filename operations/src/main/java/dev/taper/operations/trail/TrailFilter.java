package dev.taper.operations.trail;

import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditHop;
import org.jspecify.annotations.Nullable;

/**
 * Which records are wanted; all conditions must fit.
 *
 * @param task a task's id, or null
 * @param agent the name or key of a holder, of who granted, or of who did something; or null
 * @param token the digest of a token, or its first digits; what came of the token is meant too; or
 *     null
 */
public record TrailFilter(@Nullable String task, @Nullable String agent, @Nullable String token) {
  /** Whether an event is wanted. */
  public boolean fits(AuditEvent event) {
    return (task == null || task.equals(event.task()) || isSubject(event, "task", task))
        && (agent == null || concerns(event, agent))
        && (token == null || isOf(event, token));
  }

  private static boolean isSubject(AuditEvent event, String type, String id) {
    AuditEvent.Subject subject = event.subject();
    return subject != null && subject.type().equals(type) && subject.id().equals(id);
  }

  private static boolean concerns(AuditEvent event, String who) {
    for (AuditHop hop : event.hops()) {
      if (who.equals(hop.holder()) || who.equals(hop.key().toString())) {
        return true;
      }
    }
    AuditEvent.Subject subject = event.subject();
    return who.equals(event.by())
        || who.equals(event.delegator())
        || (subject != null && who.equals(subject.id()));
  }

  private static boolean isOf(AuditEvent event, String digest) {
    for (AuditHop hop : event.hops()) {
      if (hop.digest().startsWith(digest)) {
        return true;
      }
    }
    if (event.token() != null && event.token().startsWith(digest)) {
      return true;
    }
    AuditEvent.Subject subject = event.subject();
    return subject != null && subject.type().equals("block") && subject.id().startsWith(digest);
  }
}
