package dev.taper.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Puts the results of a run into the benchmarks' folder: the plot, and a part of the page. */
final class Publication {
  private static final String BEGIN = "<!-- results: written by `benchmarks/run --publish` -->\n";
  private static final String END = "<!-- end of results -->\n";

  private Publication() {}

  /**
   * Writes {@code cost.svg} and the results in {@code README.md}.
   *
   * @throws IllegalStateException if the page has no place for them
   */
  static void write(
      Path folder, Map<String, String> machine, List<Figure.Judged> all, Results results)
      throws IOException {
    Path page = folder.resolve("README.md");
    Files.writeString(page, replace(Files.readString(page), results(machine, all)));
    Files.writeString(folder.resolve("cost.svg"), HopPlot.of(results, machine));
  }

  /** The page with other results in it. */
  static String replace(String page, String results) {
    int begin = page.indexOf(BEGIN);
    int end = page.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalStateException("the page has no place for results");
    }
    return page.substring(0, begin + BEGIN.length()) + results + page.substring(end);
  }

  private static String results(Map<String, String> machine, List<Figure.Judged> all) {
    StringBuilder text = new StringBuilder("\n| | |\n| --- | --- |\n");
    machine.forEach(
        (title, line) -> text.append("| ").append(title).append(" | ").append(line).append(" |\n"));
    text.append("\n| figure | value | goal | | what |\n| --- | --- | --- | --- | --- |\n");
    for (Figure.Judged judged : all) {
      Figure figure = judged.figure();
      String value = judged.value() == null ? "-" : Table.number(judged.value());
      String unit = unit(figure);
      text.append("| `")
          .append(figure.name())
          .append("` | ")
          .append(value)
          .append(judged.value() == null ? "" : unit)
          .append(" | ")
          .append(figure.goal().toString().replace("<=", "≤ ").replace(">=", "≥ "))
          .append(figure.goal().equals(Goal.NONE) ? "" : unit)
          .append(" | ")
          .append(judged.result() == GoalResult.INFORMS ? "" : judged.result().text())
          .append(judged.note().isEmpty() ? "" : ": " + judged.note())
          .append(" | ")
          .append(figure.what())
          .append(" |\n");
    }
    return text.append('\n').toString();
  }

  private static String unit(Figure figure) {
    return switch (figure.unit()) {
      case "ratio" -> "";
      case "us" -> " µs";
      default -> " " + figure.unit();
    };
  }
}
