package dev.taper.cli.audit;

import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.cli.io.KeyNames;
import dev.taper.cli.output.HumanTime;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.operations.trail.RecordWords;
import dev.taper.operations.trail.Trail;
import dev.taper.operations.trail.Trail.Entry;
import dev.taper.operations.trail.Trail.TaskTrail;
import dev.taper.operations.trail.Trail.TokenTrail;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Prints a trail as a tree. */
final class TrailText {
  private final Trail trail;
  private final @Nullable String warning;
  private final Instant now;
  private final PrintStream out;
  private final Style style;
  private final UnaryOperator<String> naming;

  TrailText(Trail trail, Instant now, PrintStream out, Style style, KeyNames names) {
    this.naming = RecordWords.naming(names.names());
    this.trail = trail;
    this.warning = AuditNotes.warning(trail.verifications());
    this.now = now;
    this.out = out;
    this.style = style;
  }

  void print() {
    if (warning != null) {
      line(style.bad("NOT VERIFIED") + "  " + safe(warning));
    }
    boolean first = true;
    for (TaskTrail task : trail.tasks()) {
      if (!first) {
        out.println();
      }
      first = false;
      task(task);
    }
  }

  private void task(TaskTrail task) {
    String purpose = trail.purpose(task);
    line(
        style.bold(safe(task.id().isEmpty() ? "Of no task" : "Task " + task.id()))
            + (purpose == null ? "" : "  " + safe(purpose)));
    for (Entry event : task.events()) {
      line("  " + stamp(event) + "  " + safe(RecordWords.event(event.event(), naming)));
    }
    if (task.delegator() != null) {
      line("  " + style.bold(safe(task.delegator())));
    }
    for (TokenTrail root : task.roots()) {
      token(task, root, "  ");
    }
  }

  private void token(TaskTrail task, TokenTrail token, String indent) {
    String granted = trail.granted(token);
    line(
        indent
            + "→ "
            + style.bold(safe(token.holder()))
            + "  "
            + state(task, token)
            + "  "
            + style.dim("token " + RecordWords.shortened(token.hop().digest())));
    String inner = indent + "    ";
    line(
        inner
            + token.hop().mode().text()
            + " by "
            + safe(naming.apply(token.hop().by()))
            + ": "
            + (granted == null ? "not described in this log" : safe(naming.apply(granted))));
    used(token, inner);
    for (Entry event : token.events()) {
      line(inner + stamp(event) + "  " + safe(RecordWords.event(event.event(), naming)));
    }
    for (Entry call : token.calls()) {
      call(call, inner);
    }
    for (TokenTrail child : token.children()) {
      token(task, child, inner);
    }
  }

  private void used(TokenTrail token, String indent) {
    if (token.used().isEmpty()) {
      return;
    }
    line(
        indent
            + "used: "
            + token.allowed()
            + " allowed, "
            + token.denied()
            + " denied"
            + (token.unproven() == 0 ? "" : "; denied to unknown callers: " + token.unproven()));
    token
        .used()
        .forEach(
            (kind, counts) ->
                line(
                    indent
                        + "  "
                        + safe(kind)
                        + ": "
                        + counts.allowed()
                        + " allowed"
                        + (counts.denied() == 0 ? "" : ", " + counts.denied() + " denied")));
  }

  private String state(TaskTrail task, TokenTrail token) {
    String state = trail.state(task, token, now);
    Entry end = trail.end(task, token);
    if (end != null) {
      return style.bad(state) + " at " + end.time() + " (record " + end.place() + ")" + by(end);
    }
    if (!state.equals("living") && !state.equals("expired")) {
      return style.bad(state) + ", by what is known elsewhere";
    }
    if (token.until() == null) {
      return style.good(state) + ", without end";
    }
    String when = token.until() + " (" + HumanTime.fromNow(token.until(), now) + ")";
    return state.equals("expired")
        ? style.bad(state) + " at " + when
        : style.good(state) + " until " + when;
  }

  /** Who ended it. */
  private String by(Entry end) {
    String by = end.event().by();
    return by == null ? "" : " by " + safe(naming.apply(by));
  }

  private void call(Entry call, String indent) {
    AuditEvent event = call.event();
    if (event.call() == null) {
      return;
    }
    boolean allowed = event.kind() == AuditKind.ALLOW;
    List<String> grounds = RecordWords.grounds(event, naming);
    line(
        indent
            + stamp(call)
            + "  "
            + (allowed ? style.good("✓") : style.bad("✗"))
            + " "
            + safe(RecordWords.call(event.call()))
            + (event.call().recorded().isEmpty()
                ? ""
                : " (" + safe(RecordWords.arguments(event.call())) + ")")
            + (event.call().audience() == null ? "" : " at " + safe(event.call().audience()))
            + (allowed ? "" : "  " + style.bad(String.valueOf(RecordWords.code(event))))
            + "  by "
            + safe(RecordWords.caller(event, naming))
            + (grounds.isEmpty() ? "" : "  " + safe(String.join(", ", grounds))));
  }

  private String stamp(Entry entry) {
    return style.dim(entry.time() + " #" + safe(entry.place()));
  }

  private static String safe(String text) {
    return SafeText.line(text);
  }

  private void line(String text) {
    out.println(text);
  }
}
