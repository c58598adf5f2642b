package dev.taper.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a report as text: one line per figure, {@code name value unit goal result}. */
final class Table {
  private static final double[] EXACT_FROM = {1000, 100, 10};

  private Table() {}

  static String of(Map<String, String> machine, List<Figure.Judged> all, Results results) {
    StringBuilder text = new StringBuilder();
    machine.forEach((title, line) -> text.append(String.format("# %-9s %s%n", title, line)));
    text.append(String.format("%n"));
    for (Figure.Judged judged : all) {
      text.append(line(judged)).append(String.format("%n"));
    }
    text.append(String.format("%n# measured: microseconds, half the quartiles' distance, bytes%n"));
    results
        .measurements()
        .forEach(
            (cell, measurement) ->
                text.append(
                    String.format(
                        "# %-78s %10s %8s %10s%n",
                        cell,
                        number(measurement.medianMicros()),
                        number(measurement.scatter()),
                        measurement.bytes().isEmpty()
                            ? "-"
                            : String.format(Locale.ROOT, "%.0f", measurement.medianBytes()))));
    return text.toString();
  }

  /** The line of a figure. */
  static String line(Figure.Judged judged) {
    Figure figure = judged.figure();
    List<String> words = new ArrayList<>();
    words.add(String.format("%-34s", figure.name()));
    words.add(String.format("%9s", judged.value() == null ? "-" : number(judged.value())));
    words.add(String.format("%-9s", figure.unit()));
    words.add(String.format("%-7s", figure.goal()));
    words.add(judged.result().text());
    if (!judged.note().isEmpty()) {
      words.add("(" + judged.note() + ")");
    }
    return String.join(" ", words);
  }

  /** Four digits, more before the point if there are more. */
  static String number(double value) {
    int decimals = 0;
    for (double limit : EXACT_FROM) {
      if (Math.abs(value) < limit) {
        decimals++;
      }
    }
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
