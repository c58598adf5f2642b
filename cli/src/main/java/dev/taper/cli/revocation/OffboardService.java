package dev.taper.cli.revocation;

import dev.taper.JsonFields;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Json;
import dev.taper.cli.io.KeyNames;
import dev.taper.cli.output.Count;
import dev.taper.cli.output.HumanTime;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.cli.output.Warnings;
import dev.taper.operations.Place;
import dev.taper.operations.revoking.Departure;
import dev.taper.operations.revoking.Revocable;
import dev.taper.operations.revoking.RevocationBatch;
import dev.taper.operations.revoking.Revoker;
import dev.taper.revocation.Fingerprint;
import dev.taper.store.registry.Delegated;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Shows what rests on a person, and ends it. */
final class OffboardService {
  private static final int MAX_ANSWER_BYTES = 1024;

  private final Console console;
  private final Supplier<Departure> looking;
  private final KeyNames names;
  private final boolean asJson;
  private final PrintStream out;
  private final Style style;
  private final Instant now;
  private Departure departure;

  /**
   * Works on what is found.
   *
   * @param console the console
   * @param looking looks what rests on the person
   * @param names the file of names, or none
   * @param asJson whether to print JSON
   */
  OffboardService(Console console, Supplier<Departure> looking, KeyNames names, boolean asJson) {
    this.console = console;
    this.looking = looking;
    this.departure = looking.get();
    this.names = names;
    this.asJson = asJson;
    // What is asked about before the result stands beside it where programs read that.
    this.out = asJson ? console.err() : names.on(console).out();
    this.style = asJson ? Style.err(console) : Style.out(console);
    this.now = console.clock().instant();
  }

  /** Shows it; a name of which nothing is known is said as what would end nothing. */
  ExitCode show() {
    if (asJson) {
      Json.result(console.out(), fields().put("done", false));
    } else {
      print();
      out.flush();
    }
    warn();
    for (String name : departure.unknown()) {
      Warnings.warn(console, "nothing is known of " + name + "; is it the right name?");
    }
    return departure.unknown().isEmpty() ? ExitCode.OK : ExitCode.NOTHING;
  }

  /**
   * Ends it, once that is confirmed.
   *
   * @param revoker revokes
   * @param list where the list is
   * @param isConfirmed whether nobody is asked
   * @param reason why, or null
   * @throws dev.taper.operations.OperationException {@code unknown_person}
   */
  ExitCode end(Revoker revoker, Place list, boolean isConfirmed, @Nullable String reason) {
    departure.requireKnown();
    if (!asJson || !isConfirmed) {
      print();
      out.flush();
    }
    warn();
    if (!isConfirmed) {
      confirm();
      while (hasChanged()) {
        Warnings.warn(console, "more rests on them than was shown; --yes ends it without asking");
        print();
        out.flush();
        confirm();
      }
    }
    List<Revocable> things = departure.revocables();
    String why = "offboarding " + departure.names().get(0);
    Revoker.Report report = revoker.revokeAll(RevocationBatch.of(why, things, reason));
    if (asJson) {
      Json.result(
          console.out(), fields().put("done", true).putAll(IssuingCommand.fields(list, report)));
      return IssuingCommand.status(report);
    }
    IssueText.lapsed(console, report.lapsed());
    long ended = departure.impact().ended();
    boolean isNew = ended > 0 || report.issued().changed() > 0;
    out.println(
        SafeText.line(
            (isNew
                    ? "Ended: " + Count.of(ended, "living delegation") + ", by "
                    : "Nothing new: revoked before, by ")
                + Count.of(things.size(), "entry", "entries")
                + "; "
                + list.shown()
                + " is now number "
                + report.issued().sequence()
                + "."));
    out.flush();
    IssueText.shorter(console, report.issued());
    return IssuingCommand.status(report);
  }

  /**
   * Looks again, as time has passed. What rests on entries that were shown ends with these.
   *
   * @return whether there are entries that were not shown
   */
  private boolean hasChanged() {
    Set<Fingerprint> shown = fingerprints();
    departure = looking.get();
    return !shown.containsAll(fingerprints());
  }

  private Set<Fingerprint> fingerprints() {
    return departure.revocables().stream()
        .map(each -> each.entry().fingerprint())
        .collect(Collectors.toSet());
  }

  /** Has the person's name typed, at a terminal. */
  private void confirm() {
    if (!console.terminals().in()) {
      throw CliException.usage("nothing was ended: say --yes to end this, or --show to only look");
    }
    String name = departure.names().get(0);
    String question = "End all of this? Type " + SafeText.line(name) + " to go on: ";
    if (!console.ask(question, MAX_ANSWER_BYTES).equals(name)) {
      throw CliException.usage("nothing was ended");
    }
  }

  private void print() {
    out.println(style.bold(SafeText.line(String.join(", ", departure.names()))));
    delegations("delegated", departure.delegated());
    delegations("handed on for others", departure.granted());
    delegations("holds of others", departure.held());
    rows("keys", departure.keys().stream().map(Object::toString).sorted().toList());
    rows("root keys", departure.rootKeys().stream().map(Object::toString).sorted().toList());
    rows(
        "approvals",
        departure.approvals().stream()
            .map(
                each ->
                    each.id()
                        + (each.tool() == null ? "" : " of " + each.tool())
                        + (each.task() == null ? "" : " for " + each.task())
                        + ", ends "
                        + HumanTime.fromNow(each.until(), now))
            .toList());
    rows(
        "agents that lose",
        departure.impact().ending().entrySet().stream()
            .map(each -> each.getKey() + "  " + lost(each.getKey(), each.getValue()))
            .toList());
    rows("the file of names must lose", departure.left());
  }

  private void warn() {
    if (!departure.rootKeys().isEmpty()) {
      Warnings.warn(
          console,
          "all that their root keys signed ends with them, whoever delegated it; rotate start"
              + " replaces a root key first");
    }
    if (names.names() == null) {
      Warnings.warn(console, "without --names, keys of approvers are not known, and stay good");
    }
  }

  private String lost(String agent, long ending) {
    Long staying = departure.impact().staying().get(agent);
    return ending + ", still holds " + (staying == null ? "nothing" : staying + " of others");
  }

  private void delegations(String title, List<Delegated> delegations) {
    Map<String, List<Delegated>> grouped = new TreeMap<>();
    for (Delegated each : delegations) {
      String row = each.holderName() + "  for " + each.task();
      grouped.computeIfAbsent(row, unused -> new ArrayList<>()).add(each);
    }
    List<String> rows =
        grouped.entrySet().stream()
            .map(
                each ->
                    each.getKey() + ": " + each.getValue().size() + ", " + last(each.getValue()))
            .toList();
    title(title, delegations.size());
    DelegationRows.print(out, rows);
  }

  private String last(List<Delegated> delegations) {
    Instant last = Instant.MIN;
    for (Delegated each : delegations) {
      Instant end = each.endsAt();
      if (end == null) {
        return "never ends";
      }
      last = end.isAfter(last) ? end : last;
    }
    return (delegations.size() == 1 ? "ends " : "the last ends ") + HumanTime.fromNow(last, now);
  }

  private void rows(String title, List<String> rows) {
    title(title, rows.size());
    DelegationRows.print(out, rows);
  }

  private void title(String title, int count) {
    if (count > 0) {
      out.println(style.bold(title + ": " + count));
    }
  }

  private JsonFields fields() {
    return new JsonFields()
        .put("names", departure.names())
        .rows("delegated", departure.delegated(), DelegationRows::row)
        .rows("handed_on", departure.granted(), DelegationRows::row)
        .rows("held", departure.held(), DelegationRows::row)
        .put("keys", departure.keys())
        .put("root_keys", departure.rootKeys())
        .rows("approvals", departure.approvals(), OffboardService::approval)
        .rows("agents", departure.impact().ending().entrySet(), this::agent)
        .put("names_file_must_lose", departure.left())
        .put("ending", departure.impact().ended())
        .rows("revocations", departure.revocables(), IssuingCommand::fields);
  }

  private static JsonFields approval(Departure.LivingApproval approval) {
    return new JsonFields()
        .put("approver", approval.approver())
        .put("id", approval.id())
        .put("until", approval.until())
        .putIfPresent("task", approval.task())
        .putIfPresent("tool", approval.tool());
  }

  private JsonFields agent(Map.Entry<String, Long> ending) {
    return new JsonFields()
        .put("name", ending.getKey())
        .put("ending", ending.getValue())
        .put("staying", departure.impact().staying().getOrDefault(ending.getKey(), 0L));
  }
}
