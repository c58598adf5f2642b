package dev.taper.audit;

import dev.taper.agent.decision.CallDecision.Denied;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.decision.DenialCode;
import dev.taper.audit.DenialLimiter.Rate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Decides which denials a log records. A holder proves who it is, so that its denials are worth
 * more than those of calls that anybody with a copy of a token can make: the two kinds have limits
 * of their own, and neither uses up the other's. So have asks about calls that would be denied,
 * which are no denials and are counted apart. Thread-safe.
 */
final class Denials {
  /** The rates, for each authority and for all, of calls that nobody proved to make. */
  static final Rate UNPROVEN = new Rate(10, 60_000);

  static final Rate ALL_UNPROVEN = new Rate(100, 1000);

  /** The rates, for each authority and for all, of calls with a good proof. */
  static final Rate PROVEN = new Rate(100, 10_000);

  static final Rate ALL_PROVEN = new Rate(1000, 500);

  private final DenialLimiter unproven;
  private final DenialLimiter proven;
  private final DenialLimiter asks;

  Denials(Instant now) {
    this.unproven = new DenialLimiter(UNPROVEN, ALL_UNPROVEN, now);
    this.proven = new DenialLimiter(PROVEN, ALL_PROVEN, now);
    this.asks = new DenialLimiter(PROVEN, ALL_PROVEN, now);
  }

  /** A record that tells of denials that were left out. */
  record Due(DenialLimiter limiter, AuditEvent event) {}

  /** How many denials were left out before this decision; -1 if it is left out itself. */
  long admit(AuditKind kind, DecisionEvent event) {
    return isBounded(event)
        ? limiter(kind, event)
            .admit(authority(event), event.time(), () -> DecisionRecord.brief(kind, event))
        : 0;
  }

  /** Puts back what a decision's record was to tell, because it could not be written. */
  void restore(AuditKind kind, DecisionEvent event, long omitted) {
    if (isBounded(event)) {
      limiter(kind, event)
          .restore(authority(event), omitted, () -> DecisionRecord.brief(kind, event));
    }
  }

  /** Puts back what a record was to tell of other denials, because it could not be written. */
  void restore(Due due) {
    AuditBasis basis = due.event().basis();
    Long before = basis == null ? null : basis.omitted();
    due.limiter().restore("", 1 + (before == null ? 0 : before), due::event);
  }

  /** The records that now have to tell what was left out. */
  List<Due> due(Instant now, boolean all) {
    List<AuditEvent> ofProven = proven.due(now, all);
    List<AuditEvent> ofUnproven = unproven.due(now, all);
    List<AuditEvent> ofAsks = asks.due(now, all);
    if (ofProven.isEmpty() && ofUnproven.isEmpty() && ofAsks.isEmpty()) {
      return List.of();
    }
    List<Due> due = new ArrayList<>();
    ofProven.forEach(event -> due.add(new Due(proven, event)));
    ofUnproven.forEach(event -> due.add(new Due(unproven, event)));
    ofAsks.forEach(event -> due.add(new Due(asks, event)));
    return due;
  }

  private static boolean isBounded(DecisionEvent event) {
    return !event.decision().allowed()
        && !takesBack(event)
        && !(event.isObserved() && event.isProven()); // the call went ahead, so it is recorded
  }

  /** True for a denial that takes back what may have been recorded as allowed. */
  static boolean takesBack(DecisionEvent event) {
    return event.decision() instanceof Denied denied
        && denied.code() == DenialCode.AUDIT_UNAVAILABLE;
  }

  private DenialLimiter limiter(AuditKind kind, DecisionEvent event) {
    return kind == AuditKind.ASK ? asks : event.isProven() ? proven : unproven;
  }

  private static String authority(DecisionEvent event) {
    return HexFormat.of().formatHex(event.blockDigests().get(0));
  }
}
