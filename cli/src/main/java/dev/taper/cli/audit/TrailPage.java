package dev.taper.cli.audit;

import dev.taper.agent.DelegationHop.Mode;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.cli.io.KeyNames;
import dev.taper.cli.output.Html;
import dev.taper.cli.output.HumanTime;
import dev.taper.operations.trail.RecordWords;
import dev.taper.operations.trail.Trail;
import dev.taper.operations.trail.Trail.Entry;
import dev.taper.operations.trail.Trail.TaskTrail;
import dev.taper.operations.trail.Trail.TokenTrail;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a trail as one page: without scripts, without anything to load, for a screen in light or
 * dark and for paper.
 */
final class TrailPage {
  private final Trail trail;
  private final @Nullable String warning;
  private final Instant now;
  private final Html html;

  TrailPage(Trail trail, Instant now, KeyNames names) {
    this.trail = trail;
    this.warning = AuditNotes.warning(trail.verification());
    this.now = now;
    String first = trail.tasks().get(0).id();
    this.html =
        Html.page("Audit of " + (first.isEmpty() ? "a log" : first), TrailPage.class, "trail.css")
            .naming(names);
  }

  String write() {
    if (warning != null) {
      html.open("p", "").element("span", "badge bad", "not verified");
      html.prose(" " + warning).close("p");
    }
    for (TaskTrail task : trail.tasks()) {
      task(task);
    }
    footer();
    return html.end();
  }

  private void task(TaskTrail task) {
    String purpose = trail.purpose(task);
    long allowed = task.tokens().stream().mapToLong(TokenTrail::allowed).sum();
    long denied = task.tokens().stream().mapToLong(TokenTrail::denied).sum();
    long unproven = task.tokens().stream().mapToLong(TokenTrail::unproven).sum();
    html.open("section", "task").open("header", "");
    html.element("p", "eyebrow", "Audit trail");
    html.element("h1", "", task.id().isEmpty() ? "Of no task" : task.id());
    if (purpose != null) {
      html.element("p", "purpose", purpose);
    }
    html.open("dl", "facts");
    fact("Authority of", task.delegator() == null ? "not recorded" : task.delegator());
    fact("Tokens", String.valueOf(task.tokens().size()));
    fact("Calls allowed", String.valueOf(allowed));
    fact("Calls denied", String.valueOf(denied));
    if (unproven > 0) {
      fact("Denied to unknown callers", String.valueOf(unproven));
    }
    html.close("dl").close("header");
    events(task.events());
    if (!task.tokens().isEmpty()) {
      html.open("ul", "tree");
      for (TokenTrail root : task.roots()) {
        token(task, root);
      }
      html.close("ul");
    }
    html.close("section");
  }

  private void fact(String name, String value) {
    html.open("div", "").element("dt", "", name).element("dd", "", value).close("div");
  }

  private void token(TaskTrail task, TokenTrail token) {
    html.open("li", "").open("article", "card");
    html.open("div", "line").element("h2", "", token.holder());
    state(task, token);
    html.element("span", "tag", token.hop().mode().text().replace('_', ' ')).close("div");
    html.open("p", "quiet").text("from ").prose("b", "", token.hop().by());
    html.prose(" · first seen " + seconds(token.first().time()) + " · token ");
    html.element("code", "", RecordWords.shortened(token.hop().digest()));
    html.text(" · key ").element("code", "", RecordWords.key(token.hop().key())).close("p");
    String granted = trail.granted(token);
    html.open("p", "granted").element("span", "label", label(token.hop().mode()));
    html.prose(granted == null ? "not described in this log" : granted).close("p");
    events(token.events());
    calls(token.calls());
    html.close("article");
    if (!token.children().isEmpty()) {
      html.open("ul", "tree");
      for (TokenTrail child : token.children()) {
        token(task, child);
      }
      html.close("ul");
    }
    html.close("li");
  }

  /** What a block does; approvals, reasons, rotating and narrowing grant nothing. */
  private static String label(Mode mode) {
    return mode.handsOn() && mode != Mode.ROTATED ? "Granted" : "Leaves";
  }

  private void state(TaskTrail task, TokenTrail token) {
    String state = trail.state(task, token, now);
    Entry end = trail.end(task, token);
    String when = "";
    if (end != null) {
      when = " " + seconds(end.time()) + ", record " + end.sequence();
    } else if (!state.equals("living") && !state.equals("expired")) {
      when = " by what is known elsewhere";
    } else if (token.until() != null) {
      when =
          (state.equals("living") ? " until " : " ")
              + seconds(token.until())
              + ", "
              + HumanTime.fromNow(token.until(), now);
    }
    html.prose("span", state.equals("living") ? "badge good" : "badge ended", state + when);
  }

  private void events(List<Entry> events) {
    if (events.isEmpty()) {
      return;
    }
    html.open("ul", "events");
    for (Entry entry : events) {
      html.open("li", "");
      html.prose("span", "stamp", seconds(entry.time()));
      html.element("span", "chip", entry.event().kind().text().replace('_', ' '));
      html.prose("span", "words", withoutKind(entry.event()));
      html.element("span", "number", "#" + entry.sequence()).close("li");
    }
    html.close("ul");
  }

  private static String withoutKind(AuditEvent event) {
    String words = RecordWords.event(event);
    int comma = words.indexOf(", ");
    return comma < 0 ? "" : words.substring(comma + 2);
  }

  private void calls(List<Entry> calls) {
    if (calls.isEmpty()) {
      html.element("p", "quiet", "Never used.");
      return;
    }
    html.open("table", "").open("thead", "").open("tr", "");
    for (String head : List.of("Time", "Decision", "Call", "Caller", "Service", "Record")) {
      html.element("th", "", head);
    }
    html.close("tr").close("thead").open("tbody", "");
    for (Entry entry : calls) {
      call(entry);
    }
    html.close("tbody").close("table");
  }

  private void call(Entry entry) {
    AuditEvent event = entry.event();
    boolean allowed = event.kind() == AuditKind.ALLOW;
    AuditEvent.Call call = event.call();
    html.open("tr", "").prose("td", "stamp", seconds(entry.time())).open("td", "");
    html.element("span", allowed ? "badge good" : "badge bad", allowed ? "allowed" : "denied");
    html.close("td").open("td", "words");
    if (call != null) {
      html.element("b", "", call.tool());
      html.text(plain(call.operation()) + (call.resource() == null ? "" : " on "));
      if (call.resource() != null) {
        html.element("code", "", call.resource());
      }
    }
    String code = RecordWords.code(event);
    if (code != null) {
      Integer hop = event.basis() == null ? null : event.basis().failingHop();
      html.element("span", "code", code + (hop == null ? "" : " at hop " + hop));
    }
    for (String ground : RecordWords.grounds(event)) {
      html.element("span", "ground", ground);
    }
    html.close("td").element("td", "", RecordWords.caller(event));
    html.element("td", "", call == null || call.audience() == null ? "" : call.audience());
    html.element("td", "number", "#" + entry.sequence()).close("tr");
  }

  private static String plain(@Nullable String operation) {
    return operation == null ? "" : " " + operation;
  }

  private void footer() {
    html.open("footer", "");
    html.prose(
        "p",
        "",
        "Made at "
            + seconds(now)
            + " by taper audit report, from an audit log whose chain was "
            + (warning == null ? "verified" : "followed, but not verified")
            + ". Tokens and"
            + " arguments are known to the log by digests only. Names are what each party calls"
            + " the next one's key.");
    html.close("footer");
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
