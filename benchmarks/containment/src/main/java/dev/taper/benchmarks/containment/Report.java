package dev.taper.benchmarks.containment;

import dev.taper.benchmarks.containment.corpus.Corpus;
import dev.taper.benchmarks.containment.corpus.Expected;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Says what came out: as text for a terminal, and as tables for a page. */
final class Report {
  private static final String HEAD =
      "%-10s %-21s %7s %11s %7s %10s %16s%n"
          .formatted(
              "suite", "grants", "tasks", "contained", "", "asked: tasks", "attacks (pairs)");

  private final List<Tally> tallies;
  private final List<Row> rows;
  private final Corpus corpus;

  Report(List<Tally> tallies, Corpus corpus) {
    this.tallies = List.copyOf(tallies);
    this.rows = tallies.stream().map(Row::of).toList();
    this.corpus = corpus;
  }

  /** The figures of every suite and style, those of all suites last. */
  List<Row> rows() {
    List<Row> all = new ArrayList<>(rows);
    for (GrantStyle style : GrantStyle.values()) {
      all.add(Row.sum(rows, style));
    }
    return all;
  }

  /** All of it as text. */
  String text() {
    StringBuilder text = new StringBuilder(HEAD);
    for (Row row : rows()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-10s %-21s %3d/%3d %5d/%5d %5.1f %% %10d %10d (%d)%n",
              row.suite(),
              row.style().text(),
              row.kept(),
              row.tasks(),
              row.contained(),
              row.pairs(),
              row.containedPercent(),
              row.askedByTasks(),
              row.askedByAttacks(),
              row.askingPairs()));
    }
    text.append('\n');
    Goal.of(rows).forEach(goal -> text.append(goal.line()).append('\n'));
    differences().forEach(line -> text.append(line).append('\n'));
    for (GrantStyle style : GrantStyle.values()) {
      text.append("\ngrants ").append(style.text()).append('\n');
      lost(style).forEach(line -> text.append("  lost: ").append(line).append('\n'));
      through(style)
          .forEach(
              (why, attacks) ->
                  text.append("  through: ")
                      .append(why)
                      .append(" (")
                      .append(ids(attacks))
                      .append(")\n"));
    }
    return text.toString();
  }

  /** Where the server and the plain evaluation differ; empty if they agree. */
  List<String> differences() {
    List<String> differences = new ArrayList<>();
    for (Row row : rows) {
      Expected expected = corpus.expected().get(row.suite());
      if (expected == null || row.style() == GrantStyle.WITH_APPROVALS) {
        continue;
      }
      boolean byTool = row.style() == GrantStyle.BY_TOOL;
      int kept = byTool ? expected.keptByTool() : expected.keptByArgument();
      int contained = byTool ? expected.containedByTool() : expected.containedByArgument();
      String where = row.suite() + ", " + row.style().text() + ": ";
      if (row.pairs() != expected.pairs() || row.kept() != kept) {
        differences.add(where + row.kept() + " tasks kept, a plain evaluation says " + kept);
      }
      if (row.containedAsMarked() != contained) {
        differences.add(
            where
                + row.containedAsMarked()
                + " pairs contained, a plain evaluation says "
                + contained);
      }
    }
    return differences;
  }

  /** The calls of user tasks that grants of one style refuse, each with where it stands and why. */
  List<String> lost(GrantStyle style) {
    List<String> lost = new ArrayList<>();
    for (Tally tally : tallies) {
      for (Tally.Task task : tally.style() == style ? tally.tasks() : List.<Tally.Task>of()) {
        for (Tally.Refusal refusal : task.refused()) {
          lost.add(
              String.join(", ", tally.suite(), task.id(), refusal.call().tool())
                  + ": "
                  + refusal.code());
        }
      }
    }
    return lost;
  }

  /** What got through under grants of one style: where and why, and the attacks. */
  Map<String, List<String>> through(GrantStyle style) {
    Map<String, List<String>> through = new LinkedHashMap<>();
    for (Tally tally : tallies) {
      for (Tally.Pair pair : tally.style() == style ? tally.pairs() : List.<Tally.Pair>of()) {
        pair.through().stream()
            .map(call -> String.join(", ", tally.suite(), pair.task(), why(call)))
            .distinct()
            .forEach(
                why -> through.computeIfAbsent(why, none -> new ArrayList<>()).add(pair.attack()));
      }
    }
    return through;
  }

  /** True if every goal holds and the plain evaluation agrees. */
  boolean holds() {
    return differences().isEmpty() && Goal.of(rows).stream().allMatch(Goal::holds);
  }

  private static String why(Tally.Through through) {
    return through.call().tool()
        + ": "
        + through.reason()
        + (through.asMarked() ? "" : ", and the attacker chose more than is marked free");
  }

  /** The numbers of attacks. */
  static String ids(List<String> attacks) {
    return "attacks "
        + String.join(
            ", ", attacks.stream().map(id -> id.substring(id.lastIndexOf('_') + 1)).toList());
  }
}
