package dev.taper.benchmarks.containment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Puts what came out into the documents: the plot, and a part of the page. */
final class Publication {
  private static final String BEGIN =
      "<!-- results: written by `benchmarks/containment/run --publish` -->\n";
  private static final String END = "<!-- end of results -->\n";

  private Publication() {}

  /**
   * Writes {@code containment.svg} and the results in {@code containment.md}.
   *
   * @param documents the folder
   * @throws IllegalStateException if the page has no place for them
   */
  static void write(Path documents, Report report) throws IOException {
    Path page = documents.resolve("containment.md");
    Files.writeString(page, replace(Files.readString(page), results(report)));
    Files.writeString(documents.resolve("containment.svg"), Plot.of(report.rows()));
  }

  private static String replace(String page, String results) {
    int begin = page.indexOf(BEGIN);
    int end = page.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalStateException("the page has no place for results");
    }
    return page.substring(0, begin + BEGIN.length()) + results + page.substring(end);
  }

  private static String results(Report report) {
    StringBuilder text = new StringBuilder("\n");
    text.append(
        "| suite | grants | tasks kept | pairs contained | | as marked | asked by tasks | asked by"
            + " attacks |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n");
    report.rows().forEach(row -> text.append(line(row)).append('\n'));
    text.append("\nUser tasks that are lost with grants by tool and argument:\n\n");
    report
        .lost(GrantStyle.BY_ARGUMENT)
        .forEach(line -> text.append("- ").append(line).append('\n'));
    for (GrantStyle style : List.of(GrantStyle.WITH_APPROVALS, GrantStyle.BY_ARGUMENT)) {
      text.append("\nWhat gets through, grants ").append(style.text()).append(":\n\n");
      report
          .through(style)
          .forEach(
              (why, attacks) ->
                  text.append("- ")
                      .append(why)
                      .append(" (")
                      .append(Report.ids(attacks))
                      .append(")\n"));
    }
    return text.append('\n').toString();
  }

  /** A line of the table of figures. */
  static String line(Row row) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %d of %d | %d of %d | %.1f %% | %d | %d | %s |",
        row.suite(),
        row.style().text(),
        row.kept(),
        row.tasks(),
        row.contained(),
        row.pairs(),
        row.containedPercent(),
        row.containedAsMarked(),
        row.askedByTasks(),
        row.askedByAttacks() == 0
            ? "0"
            : row.askedByAttacks() + " in " + row.askingPairs() + " pairs");
  }
}
