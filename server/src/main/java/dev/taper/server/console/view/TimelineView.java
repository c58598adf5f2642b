package dev.taper.server.console.view;

import dev.taper.JsonFields;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditHop;
import dev.taper.audit.AuditRecord;
import dev.taper.audit.LogVerification;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.trail.RecordWords;
import dev.taper.operations.trail.TrailFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** {@code timeline}: the records of an audit log, verified as they are read. Thread-safe. */
final class TimelineView implements View {
  private static final int MAX_KINDS = 20;

  private final AuditIndex audit;

  TimelineView(AuditIndex audit) {
    this.audit = audit;
  }

  @Override
  public @Nullable JsonFields answer(ViewRequest request) throws RefusedException {
    if (request.is("GET", "timeline")) {
      return page(request);
    }
    if (request.is("GET", "timeline", "*")) {
      int sequence = request.numberOf(1);
      request.requireNothingElse();
      return record(sequence);
    }
    return null;
  }

  /** Which records are wanted. */
  private record Wanted(
      Predicate<AuditEvent> trail,
      Set<String> kinds,
      @Nullable String code,
      @Nullable Long since,
      @Nullable Long until) {
    static Wanted of(ViewRequest request) throws RefusedException {
      String kinds = request.parameter("kind");
      Set<String> all = kinds == null ? Set.of() : Set.copyOf(List.of(kinds.split(",", MAX_KINDS)));
      return new Wanted(
          trail(request).reading(),
          all,
          request.parameter("code"),
          request.millis("since"),
          request.millis("until"));
    }

    private static TrailFilter trail(ViewRequest request) throws RefusedException {
      String task = request.parameter("task");
      String agent = request.parameter("agent");
      String token = request.parameter("token");
      TrailFilter filter = TrailFilter.all();
      filter = task == null ? filter : filter.task(task);
      filter = agent == null ? filter : filter.agent(agent, Set.of(agent));
      return token == null ? filter : filter.token(token);
    }

    boolean fits(AuditEvent event) {
      long time = event.time().toEpochMilli();
      return (kinds.isEmpty() || kinds.contains(event.kind().text()))
          && (code == null || code.equals(RecordWords.code(event)))
          && (since == null || time >= since)
          && (until == null || time < until)
          && trail.test(event);
    }
  }

  private JsonFields page(ViewRequest request) throws RefusedException {
    Wanted wanted = Wanted.of(request);
    int before = request.number("after", Integer.MAX_VALUE, Integer.MAX_VALUE);
    int limit = request.limit();
    request.requireNothingElse();
    AuditIndex.Snapshot log = audit.now();
    List<AuditRecord> page = new ArrayList<>();
    boolean isEnd = true;
    List<AuditRecord> records = log.records();
    for (int i = records.size() - 1; i >= 0; i--) {
      AuditRecord record = records.get(i);
      if (record.sequence() < before
          && record.content() instanceof AuditEvent event
          && wanted.fits(event)) {
        isEnd = page.size() < limit;
        if (!isEnd) {
          break;
        }
        page.add(record);
      }
    }
    String next = isEnd ? null : String.valueOf(page.get(page.size() - 1).sequence());
    return new JsonFields()
        .rows("items", page, TimelineView::fields)
        .putIfPresent("next", next)
        .put("log", fields(log));
  }

  private static JsonFields fields(AuditRecord record) {
    AuditEvent event = (AuditEvent) record.content();
    return new JsonFields()
        .put("seq", record.sequence())
        .put("time", View.millis(event.time()))
        .put("kind", event.kind().text())
        .put("words", words(event))
        .putIfPresent("task", event.task())
        .putIfPresent("delegator", event.delegator())
        .putIfPresent("agent", RecordWords.holder(event))
        .put(
            "agents", event.hops().stream().map(AuditHop::holder).filter(Objects::nonNull).toList())
        .putIfPresent(
            "caller",
            event.basis() == null ? null : RecordWords.caller(event, RecordWords::shortened))
        .putIfPresent("code", RecordWords.code(event))
        .putIfPresent("token", event.token())
        .put("grounds", RecordWords.grounds(event, RecordWords::shortened));
  }

  /** A call as such, anything else in a sentence. */
  static String words(AuditEvent event) {
    AuditEvent.Call call = event.call();
    return event.basis() != null && call != null // a decision, or an ask, and the kind says which
        ? RecordWords.call(call)
        : RecordWords.event(event, RecordWords::shortened);
  }

  /** What was found when the log was verified. */
  static JsonFields fields(AuditIndex.Snapshot log) {
    LogVerification verification = log.verification();
    AuditRecord.Head signed = verification.signed();
    LogVerification.Flaw flaw = log.isMissing() ? null : verification.flaw();
    List<AuditRecord> records = log.records();
    return new JsonFields()
        .put("state", log.state())
        .put("records", verification.records())
        .putIfPresent("signed_to", signed == null ? null : signed.sequence())
        .putIfPresent("kept_from", records.isEmpty() ? null : records.get(0).sequence())
        .putIfPresent("flaw", flaw == null ? null : fields(flaw))
        .put("notes", log.notes())
        .put("read_at", View.millis(log.readAt()));
  }

  private static JsonFields fields(LogVerification.Flaw flaw) {
    return new JsonFields()
        .put("kind", flaw.kind().text())
        .put("line", flaw.line())
        .put("message", flaw.message());
  }

  private JsonFields record(int sequence) throws RefusedException {
    AuditIndex.Snapshot log = audit.now();
    List<AuditRecord> records = log.records();
    long first = records.isEmpty() ? 0 : records.get(0).sequence();
    if (sequence < first || sequence - first >= records.size()) {
      throw new RefusedException(404, "unknown_record", null);
    }
    AuditRecord record = records.get((int) (sequence - first));
    AuditRecord.Head signed = log.verification().signed();
    boolean isSigned =
        log.verification().intact() && signed != null && sequence <= signed.sequence();
    AuditEvent event = record.content() instanceof AuditEvent content ? content : null;
    return new JsonFields()
        .put("seq", record.sequence())
        .putIfPresent("time", event == null ? null : View.millis(event.time()))
        .put("text", record.json())
        .put("hash", record.hash())
        .put("previous", record.previous())
        .put("signed", isSigned)
        .putIfPresent("words", event == null ? null : words(event))
        .put("log", fields(log));
  }
}
