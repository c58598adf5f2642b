package dev.taper.server.console.view;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditHop;
import dev.taper.audit.AuditRecord;
import dev.taper.audit.LogVerification;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.trail.RecordWords;
import dev.taper.operations.trail.TrailFilter;
import java.io.IOException;
import java.time.Instant;
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
  public @Nullable HttpAnswer answer(ViewRequest request) throws RefusedException {
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
      Set<String> all = kinds == null ? Set.of() : Set.of(distinct(kinds.split(",", MAX_KINDS)));
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

    private static String[] distinct(String[] texts) {
      return List.of(texts).stream().distinct().toArray(String[]::new);
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

  private HttpAnswer page(ViewRequest request) throws RefusedException {
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
    return ViewJson.answer(
        json -> {
          ViewJson.objects(json, "items", page, TimelineView::write);
          ViewJson.text(json, "next", next);
          write(json, log);
        });
  }

  private static void write(JsonGenerator json, AuditRecord record) throws IOException {
    AuditEvent event = (AuditEvent) record.content();
    json.writeNumberField("seq", record.sequence());
    ViewJson.moment(json, "time", event.time());
    json.writeStringField("kind", event.kind().text());
    json.writeStringField("words", words(event));
    ViewJson.text(json, "task", event.task());
    ViewJson.text(json, "delegator", event.delegator());
    ViewJson.text(json, "agent", RecordWords.holder(event));
    ViewJson.texts(
        json,
        "agents",
        event.hops().stream().map(AuditHop::holder).filter(Objects::nonNull).toList());
    if (event.basis() != null) {
      json.writeStringField("caller", RecordWords.caller(event));
    }
    ViewJson.text(json, "code", RecordWords.code(event));
    ViewJson.text(json, "token", event.token());
    ViewJson.texts(json, "grounds", RecordWords.grounds(event));
  }

  /** A call as such, anything else in a sentence. */
  static String words(AuditEvent event) {
    AuditEvent.Call call = event.call();
    return event.basis() != null && call != null // a decision, or an ask, and the kind says which
        ? RecordWords.call(call)
        : RecordWords.event(event);
  }

  /** What was found when the log was verified. */
  static void write(JsonGenerator json, AuditIndex.Snapshot log) throws IOException {
    LogVerification verification = log.verification();
    ViewJson.object(
        json,
        "log",
        members -> {
          members.writeStringField("state", log.state());
          members.writeNumberField("records", verification.records());
          AuditRecord.Head signed = verification.signed();
          if (signed != null) {
            members.writeNumberField("signed_to", signed.sequence());
          }
          if (!log.records().isEmpty()) {
            members.writeNumberField("kept_from", log.records().get(0).sequence());
          }
          LogVerification.Flaw flaw = verification.flaw();
          if (flaw != null && !log.isMissing()) {
            ViewJson.object(members, "flaw", one -> write(one, flaw));
          }
          ViewJson.texts(members, "notes", log.notes());
          ViewJson.moment(members, "read_at", log.readAt());
        });
  }

  private static void write(JsonGenerator json, LogVerification.Flaw flaw) throws IOException {
    json.writeStringField("kind", flaw.kind().text());
    json.writeNumberField("line", flaw.line());
    json.writeStringField("message", flaw.message());
  }

  private HttpAnswer record(int sequence) throws RefusedException {
    AuditIndex.Snapshot log = audit.now();
    List<AuditRecord> records = log.records();
    long first = records.isEmpty() ? 0 : records.get(0).sequence();
    if (sequence < first || sequence - first >= records.size()) {
      throw ViewRequest.refused(404, "unknown_record", null);
    }
    AuditRecord record = records.get((int) (sequence - first));
    AuditRecord.Head signed = log.verification().signed();
    boolean isSigned =
        log.verification().intact() && signed != null && sequence <= signed.sequence();
    Instant time = record.content() instanceof AuditEvent event ? event.time() : null;
    return ViewJson.answer(
        json -> {
          json.writeNumberField("seq", record.sequence());
          ViewJson.moment(json, "time", time);
          json.writeStringField("text", record.json());
          json.writeStringField("hash", record.hash());
          json.writeStringField("previous", record.previous());
          json.writeBooleanField("signed", isSigned);
          if (record.content() instanceof AuditEvent event) {
            json.writeStringField("words", words(event));
          }
          write(json, log);
        });
  }
}
