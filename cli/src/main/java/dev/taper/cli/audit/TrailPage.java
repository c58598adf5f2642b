package dev.taper.cli.audit;

import dev.taper.agent.delegation.DelegationHop.Mode;
import dev.taper.audit.AuditRecord;
import dev.taper.audit.LogVerification;
import dev.taper.cli.io.KeyNames;
import dev.taper.cli.output.Count;
import dev.taper.cli.output.Html;
import dev.taper.cli.output.HtmlPage;
import dev.taper.cli.output.HumanTime;
import dev.taper.operations.trail.RecordWords;
import dev.taper.operations.trail.Trail;
import dev.taper.operations.trail.Trail.Entry;
import dev.taper.operations.trail.Trail.TaskTrail;
import dev.taper.operations.trail.Trail.TokenTrail;
import dev.taper.operations.trail.TrailFilter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Writes a trail as one page, complete in itself. */
final class TrailPage {
  /** With more tokens the page has a list of contents. */
  private static final int SHORT = 3;

  /** With more things to find it has a field for that. */
  private static final int FEW = 20;

  private final Trail trail;
  private final TrailFilter filter;
  private final @Nullable String warning;
  private final Instant now;
  private final TrailPlaces places;
  private final HtmlPage page;
  private final Html html;
  private final TrailRecords records;

  TrailPage(Trail trail, TrailFilter filter, Instant now, KeyNames names) {
    this.trail = trail;
    this.filter = filter;
    this.warning = AuditNotes.warning(trail.verifications());
    this.now = now;
    this.places = new TrailPlaces(trail);
    this.page = new HtmlPage("Audit: " + title(), names);
    this.html = page.body();
    this.records = new TrailRecords(html, places, RecordWords.naming(names.names()));
  }

  private String title() {
    List<TaskTrail> tasks = trail.tasks();
    return tasks.size() == 1 ? name(tasks.get(0)) : tasks.size() + " tasks";
  }

  private static String name(TaskTrail task) {
    return task.id().isEmpty() ? "what belongs to no task" : "task " + task.id();
  }

  private static String capital(String words) {
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  String write() {
    boolean finder = places.entries() + places.tokens().size() > FEW;
    header();
    if (places.tokens().size() > SHORT || trail.tasks().size() > 1) {
      contents();
    }
    if (finder) {
      page.finder("tokens, calls and other records", places.calls() > FEW);
    }
    for (TaskTrail task : trail.tasks()) {
      task(task);
    }
    new TrailNames(html, places).write();
    footer();
    return page.write(finder);
  }

  private void contents() {
    Html list = page.contents();
    list.raw("<ol>\n");
    for (TaskTrail task : trail.tasks()) {
      list.raw("<li>").link(places.of(task), capital(name(task))).raw("\n<ol>\n");
      for (TokenTrail token : places.tokens(task)) {
        list.raw("<li>").link(places.of(token), token.holder());
        String state = trail.state(task, token, now);
        List<String> notes = new ArrayList<>();
        long denied = token.denied() + token.unproven();
        notes.add(
            token.used().isEmpty()
                ? "never used"
                : token.allowed() + " allowed" + (denied == 0 ? "" : ", " + denied + " denied"));
        if (!state.equals("living")) {
          notes.add(state);
        }
        list.raw(" ").element("span", "quiet", String.join(", ", notes)).raw("</li>\n");
      }
      list.raw("</ol>\n</li>\n");
    }
    list.raw("<li><a href=\"#names\">Names and their keys</a></li>\n</ol>\n");
  }

  private void header() {
    html.open("header", "").open("div", "line").element("span", "eyebrow", "Audit trail");
    boolean verified = warning == null;
    html.element(
        "span", verified ? "badge good" : "badge bad", verified ? "verified" : "not verified");
    html.close("div").open("h1", "");
    html.shown(capital(title()), Html.NAME).close("h1");
    if (warning != null) {
      html.open("p", "alert bad")
          .raw("This log proves nothing: ")
          .prose(warning)
          .raw(".")
          .close("p");
    }
    if (trail.tasks().size() == 1) {
      purpose(trail.tasks().get(0));
    }
    html.open("dl", "facts");
    if (trail.tasks().size() == 1) {
      html.fact("Authority of", authority(trail.tasks().get(0)));
    }
    long living =
        trail.tasks().stream()
            .mapToLong(
                task ->
                    task.tokens().stream()
                        .filter(token -> trail.state(task, token, now).equals("living"))
                        .count())
            .sum();
    html.fact("Tokens", places.tokens().size() + ", of which " + living + " living");
    html.fact("Calls allowed", sum(TokenTrail::allowed));
    html.fact("Calls denied", sum(TokenTrail::denied));
    if (places.tokens().stream().anyMatch(token -> token.unproven() > 0)) {
      html.fact("Denied to unknown callers", sum(TokenTrail::unproven));
    }
    String codes = records.codes();
    if (!codes.isEmpty()) {
      html.fact("Denied as", codes);
    }
    selection();
    period();
    log();
    html.close("dl").close("header");
    page.endHeader();
  }

  private String sum(ToLongFunction<TokenTrail> count) {
    return String.valueOf(places.tokens().stream().mapToLong(count).sum());
  }

  private static String authority(TaskTrail task) {
    String delegator = task.delegator();
    return delegator == null ? "not recorded" : delegator;
  }

  private void purpose(TaskTrail task) {
    String purpose = trail.purpose(task);
    if (purpose != null) {
      html.open("p", "")
          .raw("<span class=\"quiet\">Purpose, in the words of who granted it:</span> ");
      html.text(purpose).close("p");
    }
  }

  /** Says what was asked for: numbers of the page count nothing else. */
  private void selection() {
    html.open("div", "wide").element("dt", "", "Shown and counted").open("dd", "");
    String before = "records ";
    for (String words : filter.words()) {
      html.raw(before).prose(words);
      before = ", and ";
    }
    if (trail.left() > 0) {
      html.raw("; " + trail.left() + " records more fit and are not listed");
    }
    html.close("dd").close("div");
  }

  private void period() {
    Entry first = places.first();
    Entry last = places.last();
    if (first != null && last != null) {
      html.open("div", "wide").element("dt", "", "Period of these records").open("dd", "");
      records.period(first, last);
      html.close("dd").close("div");
    }
  }

  private void log() {
    for (LogVerification verification : trail.verifications()) {
      html.open("div", "wide").element("dt", "", "Log").open("dd", "");
      log(verification);
      html.close("dd").close("div");
    }
  }

  private void log(LogVerification verification) {
    html.raw(Count.of(verification.records(), "record") + ", chained without a gap");
    AuditRecord.Head signed = verification.signed();
    if (signed != null) {
      html.raw("; signed up to record " + signed.sequence());
      String by = " by ";
      for (var signer : verification.signers()) {
        html.raw(by).prose(signer.toString());
        by = " and ";
      }
      if (verification.unsigned() > 0) {
        html.raw("; the last " + verification.unsigned() + " not signed yet");
      }
    }
  }

  private void task(TaskTrail task) {
    html.open("section", "", places.of(task));
    boolean isOne = trail.tasks().size() == 1;
    if (isOne) {
      html.element("h2", "", "Who let whom do what");
    } else {
      html.name("h2", "", capital(name(task)));
      purpose(task);
      html.open("p", "quiet").raw("Authority of ").text(authority(task)).close("p");
    }
    records.events(task.events());
    tree(task, task.roots());
    html.close("section");
  }

  /** Tokens that come of one; what comes of the next alone follows it without moving in. */
  private void tree(TaskTrail task, List<TokenTrail> tokens) {
    if (tokens.isEmpty()) {
      return;
    }
    html.open("ul", "tree");
    for (TokenTrail token : tokens) {
      html.open("li", "");
      TokenTrail at = token;
      card(task, at);
      while (at.children().size() == 1) {
        at = at.children().get(0);
        card(task, at);
      }
      tree(task, at.children());
      html.close("li");
    }
    html.close("ul");
  }

  private void card(TaskTrail task, TokenTrail token) {
    html.open("article", "card found", places.of(token));
    html.open("div", "line").name("h3", "", token.holder());
    state(task, token);
    html.element("span", "tag", token.hop().mode().text().replace('_', ' ')).close("div");
    html.open("p", "quiet").raw("from ");
    TokenTrail parent = places.parent(token);
    if (parent != null && token.hop().by().equals(parent.holder())) {
      html.link(places.of(parent), token.hop().by());
    } else {
      html.prose("b", "", token.hop().by());
    }
    html.raw(" · first seen ").prose(TrailRecords.seconds(token.first().time())).raw(", ");
    records.reference(token.first()).close("p");
    String granted = trail.granted(token);
    html.row(label(token.hop().mode()), granted == null ? "not described in this log" : granted);
    html.row("Used", used(token));
    records.events(token.events());
    records.calls(token.calls());
    html.fold("more", "", false).raw("Key and digest").close("summary").open("p", "quiet");
    html.raw("Holder's key ").element("code", "", token.hop().key().toString());
    html.raw("<br>Token ").element("code", "", token.hop().digest());
    if (parent != null) {
      html.raw("<br>Comes of token ").element("code", "", parent.hop().digest());
    }
    html.close("p").close("details").close("article");
  }

  private String used(TokenTrail token) {
    Instant last = token.lastCall();
    if (last == null) {
      return "never";
    }
    return token.allowed()
        + " allowed, "
        + token.denied()
        + " denied"
        + (token.unproven() == 0 ? "" : ", " + token.unproven() + " denied to unknown callers")
        + "; last "
        + HumanTime.fromNow(last, now);
  }

  /** What a block does; approvals, reasons, rotating and narrowing grant nothing. */
  private static String label(Mode mode) {
    return mode.handsOn() && mode != Mode.ROTATED ? "Granted" : "Leaves";
  }

  private void state(TaskTrail task, TokenTrail token) {
    String state = trail.state(task, token, now);
    Entry end = trail.end(task, token);
    html.open("span", state.equals("living") ? "badge good" : "badge ended").text(state);
    if (end != null) {
      html.raw(" ").prose(TrailRecords.seconds(end.time())).raw(", ");
      records.reference(end);
    } else if (!state.equals("living") && !state.equals("expired")) {
      html.raw(", as the list or registry says");
    } else if (token.until() != null) {
      html.raw(state.equals("living") ? " until " : " ");
      html.prose(
          TrailRecords.seconds(token.until()) + ", " + HumanTime.fromNow(token.until(), now));
    } else {
      html.raw(", without end");
    }
    html.close("span");
  }

  private void footer() {
    html.open("footer", "").raw("<p>Made at ").prose(TrailRecords.seconds(now));
    html.raw(
        " by taper audit report, from an audit log whose chain was "
            + (warning == null ? "verified" : "followed, but not verified")
            + ".</p>\n<p>The log knows tokens and"
            + " arguments by their digests only. A name is what the party before called a key; the"
            + " key alone says who it is. Living means: neither ended nor revoked, as far as this"
            + " log and the lists and registries that were named know.</p>\n");
    html.close("footer");
  }
}
