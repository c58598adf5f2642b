package dev.taper.cli.audit;

import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.cli.output.Html;
import dev.taper.operations.trail.RecordWords;
import dev.taper.operations.trail.Trail.Entry;
import dev.taper.operations.trail.Trail.TokenTrail;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes records of a trail: events one by one, many calls in short and folded by the hundred. */
final class TrailRecords {
  /** More calls than this are folded. */
  private static final int FEW = 20;

  private static final int FOLDED = 100;

  /** How many kinds of calls are counted each for itself. */
  private static final int KINDS = 50;

  private final Html html;
  private final TrailPlaces places;
  private final UnaryOperator<String> naming;

  TrailRecords(Html html, TrailPlaces places, UnaryOperator<String> naming) {
    this.html = html;
    this.places = places;
    this.naming = naming;
  }

  /** A moment to the second. */
  static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** From when to when records are. */
  void period(Entry first, Entry last) {
    String start = seconds(first.time());
    String end = seconds(last.time());
    html.prose(start);
    if (!end.equals(start)) {
      html.raw(" to ").prose(end);
    }
  }

  /** How many calls were denied as what, the most frequent code first; empty if none was. */
  String codes() {
    Map<String, Long> counts = new TreeMap<>();
    for (TokenTrail token : places.tokens()) {
      for (Entry call : token.calls()) {
        String code = RecordWords.code(call.event());
        if (code != null) {
          counts.merge(code, denials(call), Long::sum);
        }
      }
    }
    return counts.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .map(count -> count.getValue() + " " + count.getKey())
        .collect(Collectors.joining(", "));
  }

  /** Adds a record's number, which leads to it if the page shows it. */
  Html reference(Entry entry) {
    String place = places.of(entry);
    if (place.isEmpty()) {
      return html.text("record " + entry.place());
    }
    return html.raw("<a href=\"#" + place + "\">").text("record " + entry.place()).raw("</a>");
  }

  /** Writes what happened beside calls. */
  void events(List<Entry> events) {
    if (events.isEmpty()) {
      return;
    }
    html.open("ul", "records");
    for (Entry entry : events) {
      open(entry, "found");
      html.element("span", "chip", entry.event().kind().text().replace('_', ' '));
      html.raw(" ").prose(withoutKind(entry.event())).close("span");
      number(entry);
      html.close("li");
    }
    html.close("ul");
  }

  private String withoutKind(AuditEvent event) {
    String words = RecordWords.event(event, naming);
    int comma = words.indexOf(", ");
    return comma < 0 ? "" : words.substring(comma + 2);
  }

  private void open(Entry entry, String styleClass) {
    html.open("li", styleClass, places.of(entry));
    html.prose("span", "stamp", seconds(entry.time())).open("span", "words");
  }

  private void number(Entry entry) {
    html.raw("<span class=\"number\"><span class=\"unseen\">record </span>");
    html.text("#" + entry.place()).raw("</span>\n");
  }

  /** Writes calls. */
  void calls(List<Entry> calls) {
    String same = common(calls);
    if (same != null) {
      html.open("p", "quiet").raw("All calls ").prose(same).raw(":").close("p");
    }
    if (calls.size() <= FEW) {
      list(calls, same == null);
      return;
    }
    summary(calls);
    for (int start = 0; start < calls.size(); start += FOLDED) {
      List<Entry> part = calls.subList(start, Math.min(calls.size(), start + FOLDED));
      html.fold("calls", "", false).raw("Calls " + (start + 1) + " to " + (start + part.size()));
      html.raw(": " + tally(part) + ", <span class=\"quiet\">");
      period(part.get(0), part.get(part.size() - 1));
      html.raw("</span>").close("summary");
      list(part, same == null);
      html.close("details");
    }
  }

  private static String tally(List<Entry> calls) {
    long allowed = calls.stream().filter(TrailRecords::isAllowed).count();
    long denied = calls.stream().mapToLong(TrailRecords::denials).sum();
    return allowed + " allowed" + (denied == 0 ? "" : ", <b>" + denied + " denied</b>");
  }

  private static boolean isAllowed(Entry call) {
    return call.event().kind() == AuditKind.ALLOW;
  }

  private static long denials(Entry call) {
    return isAllowed(call) ? 0 : 1 + RecordWords.omitted(call.event());
  }

  /** Who called where, in words, if all calls have that in common; null if not. */
  private @Nullable String common(List<Entry> calls) {
    if (calls.size() < 2) {
      return null;
    }
    String first = from(calls.get(0));
    return calls.stream().allMatch(call -> from(call).equals(first)) ? first : null;
  }

  private String from(Entry entry) {
    AuditEvent.Call call = entry.event().call();
    String audience = call == null || call.audience() == null ? "" : ", at " + call.audience();
    return "by " + RecordWords.caller(entry.event(), naming) + audience;
  }

  private void list(List<Entry> calls, boolean withCaller) {
    if (calls.isEmpty()) {
      return;
    }
    html.open("ul", "records calls");
    for (Entry entry : calls) {
      call(entry, withCaller);
    }
    html.close("ul");
  }

  private void call(Entry entry, boolean withCaller) {
    AuditEvent event = entry.event();
    AuditEvent.Call call = event.call();
    boolean allowed = isAllowed(entry);
    open(entry, allowed ? "found allowed" : "found denied");
    html.element("span", allowed ? "badge good" : "badge bad", allowed ? "allowed" : "denied");
    html.raw(" ");
    if (call != null) {
      html.name("b", "", call.tool());
      if (call.operation() != null) {
        html.raw(" ").text(call.operation());
      }
      if (call.resource() != null) {
        html.raw(" on ").element("code", "", call.resource());
      }
    }
    String code = RecordWords.code(event);
    if (code != null) {
      Integer hop = event.basis() == null ? null : event.basis().failingHop();
      html.raw(" ").element("span", "code", code + (hop == null ? "" : " at hop " + hop));
    }
    html.close("span");
    number(entry);
    List<String> more = new ArrayList<>(RecordWords.grounds(event, naming));
    if (withCaller) {
      more.add(0, from(entry));
    }
    for (String words : more) {
      html.prose("span", "more-words", words);
    }
    html.close("li");
  }

  /** Says of many calls what was called, and why what was denied. */
  private void summary(List<Entry> calls) {
    Map<String, List<Entry>> kinds = new LinkedHashMap<>();
    for (Entry entry : calls) {
      AuditEvent.Call call = entry.event().call();
      String kind = call == null ? "not recorded" : call.tool();
      String operation = call == null ? null : call.operation();
      String name = operation == null ? kind : kind + " " + operation;
      boolean isOne = kinds.size() < KINDS || kinds.containsKey(name);
      kinds.computeIfAbsent(isOne ? name : "others", unused -> new ArrayList<>()).add(entry);
    }
    html.raw("<table><caption class=\"unseen\">Calls in short</caption><thead><tr>");
    html.raw("<th scope=\"col\">Call</th><th scope=\"col\" class=\"count\">Allowed</th>");
    html.raw("<th scope=\"col\" class=\"count\">Denied</th><th scope=\"col\">Denied as</th></tr>");
    html.raw("</thead><tbody>\n");
    kinds.forEach(this::kind);
    html.raw("</tbody></table>\n");
  }

  private void kind(String name, List<Entry> calls) {
    TreeSet<String> codes = new TreeSet<>();
    for (Entry call : calls) {
      String code = RecordWords.code(call.event());
      if (code != null) {
        codes.add(code);
      }
    }
    html.raw("<tr><th scope=\"row\">").shown(name, Html.NAME).raw("</th>");
    long allowed = calls.stream().filter(TrailRecords::isAllowed).count();
    html.element("td", "count", String.valueOf(allowed));
    long denied = calls.stream().mapToLong(TrailRecords::denials).sum();
    html.element("td", denied == 0 ? "count" : "count denied", String.valueOf(denied));
    html.raw("<td class=\"codes\">" + String.join(", ", codes).replace("_", "_<wbr>"));
    html.raw("</td></tr>\n");
  }
}
