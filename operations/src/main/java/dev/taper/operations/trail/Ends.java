package dev.taper.operations.trail;

import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.operations.trail.Trail.Entry;
import dev.taper.store.registry.ReviewDecision;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What ended authority before its time, by the records of logs. Bounded: the first to be forgotten
 * is what ended first. For one thread.
 */
final class Ends {
  /** What a record says of a revocation that was taken back. */
  private static final String LIFTED = "lifted";

  private static final int MAX_SUBJECTS = 200_000;
  private static final int MAX_ENDERS = 100;

  /**
   * By subject, and for each by who ended it: what one issuer lifts, another still revokes. What a
   * review ends is an entry of the list that is signed next, and nobody's own.
   */
  private final Map<String, Map<String, Entry>> ends =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Map<String, Entry>> eldest) {
          return size() > MAX_SUBJECTS;
        }
      };

  /** Learns from a record. */
  void add(Entry entry) {
    AuditEvent event = entry.event();
    AuditEvent.Subject subject = event.subject();
    String by = event.by() == null ? "" : event.by();
    if (event.kind() == AuditKind.REVOKE && subject != null && LIFTED.equals(subject.decision())) {
      Map<String, Entry> ended = ends.get(named(subject));
      if (ended != null) {
        ended.remove(by);
        ended.values().removeIf(end -> end.event().kind() == AuditKind.REVIEW);
      }
    } else if (event.kind() == AuditKind.TASK_END && event.task() != null) {
      end("task " + event.task(), by, entry);
    } else if (subject != null && isEnd(event, subject)) {
      end(named(subject), by, entry);
    }
  }

  private void end(String what, String by, Entry entry) {
    Map<String, Entry> ended = ends.computeIfAbsent(what, key -> new LinkedHashMap<>());
    if (ended.size() < MAX_ENDERS) {
      ended.putIfAbsent(by, entry);
    }
  }

  private static boolean isEnd(AuditEvent event, AuditEvent.Subject subject) {
    return event.kind() == AuditKind.REVOKE
        || (event.kind() == AuditKind.REVIEW
            && (ReviewDecision.REVOKED.text().equals(subject.decision()) || isLapse(subject)));
  }

  static boolean isLapse(AuditEvent.Subject subject) {
    return ReviewDecision.LAPSED.text().equals(subject.decision());
  }

  private static String named(AuditEvent.Subject subject) {
    return subject.type() + " " + subject.id();
  }

  /** The first record that still ends something; null for none. */
  @Nullable Entry first(String what) {
    Map<String, Entry> found = ends.getOrDefault(what, Map.of());
    return found.isEmpty() ? null : found.values().iterator().next();
  }
}
