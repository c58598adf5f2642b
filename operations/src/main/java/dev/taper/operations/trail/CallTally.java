package dev.taper.operations.trail;

import dev.taper.audit.AuditBasis;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts the calls that were made with a token, by what was called. For one thread. */
final class CallTally {
  /** How many kinds of calls are counted each for itself. */
  private static final int KINDS = 50;

  /** By tool and operation, in the order in which they were first used. */
  final Map<String, Trail.Used> kinds = new LinkedHashMap<>();

  /** How many calls were allowed. */
  long allowed;

  /** Denials of calls that the holder proved. */
  long denied;

  /** Denials of calls that anybody with a copy of the token may have made. */
  long unproven;

  /** When the last one was made; null if there was none. */
  @Nullable Instant last;

  void add(AuditEvent event) {
    AuditBasis basis = event.basis();
    AuditEvent.Call call = event.call();
    String name =
        call == null
            ? "not recorded"
            : call.operation() == null ? call.tool() : call.tool() + " " + call.operation();
    boolean isOne = kinds.size() < KINDS || kinds.containsKey(name);
    boolean isAllowed = event.kind() == AuditKind.ALLOW;
    long denials = isAllowed ? 0 : 1 + RecordWords.omitted(event);
    kinds.merge(
        isOne ? name : "others",
        new Trail.Used(isAllowed ? 1 : 0, denials),
        (known, more) ->
            new Trail.Used(known.allowed() + more.allowed(), known.denied() + more.denied()));
    last = last == null || event.time().isAfter(last) ? event.time() : last;
    if (isAllowed) {
      allowed++;
    } else if (basis != null && basis.isProven()) {
      denied += denials;
    } else {
      unproven += denials;
    }
  }
}
