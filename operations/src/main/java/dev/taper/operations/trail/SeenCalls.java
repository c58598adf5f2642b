package dev.taper.operations.trail;

import dev.taper.TaperException;
import dev.taper.agent.grant.Grant;
import dev.taper.audit.AuditBasis;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditRecord;
import dev.taper.operations.OperationException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The calls that went ahead, as an audit log shows them: those that were allowed, and those that
 * were denied and only observed. Collects record by record, in any order, and suggests what would
 * have allowed all of them. Of each kind of call it keeps one. For one thread.
 */
public final class SeenCalls {
  /** The most kinds of calls: another holder, service, tool, operation or resource. */
  public static final int MAX_KINDS = 50_000;

  private final Predicate<AuditEvent> wanted;
  private final Map<Caller, Set<Seen>> byCaller =
      new TreeMap<>(Comparator.comparing(Caller::audience).thenComparing(Caller::holder));
  private int kinds;
  private long calls;
  private long activated;
  private long unproven;
  private long unfit;

  /**
   * Starts without a record.
   *
   * @param filter which records are wanted
   */
  public SeenCalls(TrailFilter filter) {
    this.wanted = filter.reading();
  }

  private record Caller(String audience, String holder) {}

  /** What is known of a call, but for its arguments. */
  record Seen(String tool, @Nullable String operation, @Nullable String resource) {
    static final Comparator<Seen> ORDER =
        Comparator.comparing(Seen::tool)
            .thenComparing(Seen::operation, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(Seen::resource, Comparator.nullsFirst(Comparator.naturalOrder()));
  }

  /**
   * Adds a record; those of anything but a call that went ahead are passed over.
   *
   * @throws OperationException {@code too_many_kinds} if there are more than {@link #MAX_KINDS}
   */
  public void add(AuditRecord record) {
    if (record.content() instanceof AuditEvent event && wanted.test(event) && wentAhead(event)) {
      if (event.hops().isEmpty()) {
        unproven++;
      } else {
        add(event);
      }
    }
  }

  private static boolean wentAhead(AuditEvent event) {
    AuditBasis basis = event.basis();
    return event.call() != null
        && basis != null
        && (event.kind() == AuditKind.ALLOW
            || (event.kind() == AuditKind.DENY && basis.isObserved()));
  }

  private void add(AuditEvent event) {
    AuditEvent.Call call = event.call();
    AuditBasis basis = event.basis();
    if (call == null || basis == null || call.audience() == null || !isGrantable(call)) {
      unfit++;
      return;
    }
    calls++;
    if (!basis.approvals().isEmpty() || !basis.justified().isEmpty()) {
      activated++;
    }
    String holder = RecordWords.holder(event);
    Caller caller = new Caller(call.audience(), holder == null ? "" : holder);
    Set<Seen> seen = byCaller.computeIfAbsent(caller, key -> new TreeSet<>(Seen.ORDER));
    if (seen.add(new Seen(call.tool(), call.operation(), call.resource())) && ++kinds > MAX_KINDS) {
      throw OperationException.refused(
          "too_many_kinds",
          "the audit log shows more than "
              + MAX_KINDS
              + " different calls; select fewer, by task or agent");
    }
  }

  /** True if grants can name the call; a record that another program wrote may hold anything. */
  private static boolean isGrantable(AuditEvent.Call call) {
    try {
      Grant grant = Grant.tools(call.tool());
      if (call.operation() != null) {
        grant = grant.operations(call.operation());
      }
      return !grant.tools().get(0).isPrefix();
    } catch (TaperException e) {
      return false;
    }
  }

  /**
   * Suggests what would have allowed all calls that were added.
   *
   * @throws OperationException {@code nothing_found} if there are none; {@code too_varied} if no
   *     block of a token can grant what one holder did
   */
  public SuggestedAccess suggest() {
    if (byCaller.isEmpty()) {
      throw OperationException.nothing("the audit log shows no such call that went ahead");
    }
    boolean wider = false;
    List<SuggestedAccess.ForHolder> holders = new ArrayList<>();
    Map<String, Set<Seen>> byService = new TreeMap<>();
    for (Map.Entry<Caller, Set<Seen>> entry : byCaller.entrySet()) {
      Caller caller = entry.getKey();
      CallCover cover = CallCover.of(entry.getValue());
      wider |= cover.isWider();
      holders.add(
          new SuggestedAccess.ForHolder(caller.holder(), caller.audience(), cover.grants()));
      byService
          .computeIfAbsent(caller.audience(), key -> new TreeSet<>(Seen.ORDER))
          .addAll(entry.getValue());
    }
    List<SuggestedAccess.ForService> services = new ArrayList<>();
    for (Map.Entry<String, Set<Seen>> entry : byService.entrySet()) {
      CallCover cover = CallCover.of(entry.getValue());
      wider |= cover.isWider();
      services.add(new SuggestedAccess.ForService(entry.getKey(), cover.grants()));
    }
    return new SuggestedAccess(holders, services, calls, activated, unproven, unfit, wider);
  }
}
