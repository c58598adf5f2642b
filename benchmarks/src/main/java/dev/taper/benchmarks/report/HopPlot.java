package dev.taper.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Draws what a call costs against the number of blocks, both axes logarithmic, as SVG that can be
 * read on a light and on a dark page.
 */
final class HopPlot {
  private static final int WIDTH = 940;
  private static final int HEIGHT = 520;
  private static final int LEFT = 70;
  private static final int RIGHT = 300;
  private static final int TOP = 56;
  private static final int BOTTOM = 64;
  private static final int LABEL_DISTANCE = 17;
  private static final double MAX_BLOCKS = 20;
  private static final List<Integer> TICKS = List.of(1, 2, 4, 8, 20);
  private static final List<Integer> HELD = List.of(1, 3, 8, 20);
  private static final List<Integer> BEARER = List.of(1, 2, 4, 8);

  /** A line of the plot; the peers are dashed. */
  private record Series(String name, String colour, boolean peer, List<Point> points) {}

  private record Point(double blocks, double micros) {}

  private final List<Series> series = new ArrayList<>();
  private final StringBuilder svg = new StringBuilder();
  private double min = 10;
  private double max = 100;

  private HopPlot() {}

  /** The plot of what was measured; lines without a point are left out. */
  static String of(Results results, Map<String, String> machine) {
    HopPlot plot = new HopPlot();
    plot.collect(results);
    return plot.draw(
        String.join(", ", machine.getOrDefault("machine", ""), machine.getOrDefault("date", "")));
  }

  private void collect(Results results) {
    for (String backend : List.of("accp", "bouncycastle")) {
      String library = backend.equals("accp") ? "ACCP" : "Bouncy Castle";
      boolean accp = backend.equals("accp");
      List<Cell> cold = new ArrayList<>();
      List<Cell> warm = new ArrayList<>();
      for (int blocks : HELD) {
        cold.add(Figures.held(backend, blocks, "new"));
        warm.add(Figures.held(backend, blocks, "known"));
      }
      add(
          results,
          "Taper, held, cold, " + library,
          accp ? "#2f7ed8" : "#7a5cc7",
          false,
          HELD,
          cold);
      add(
          results,
          "Taper, held, warm, " + library,
          accp ? "#1a9850" : "#8a9a2b",
          false,
          HELD,
          warm);
    }
    List<Cell> bearer = new ArrayList<>();
    List<Cell> biscuitJava = new ArrayList<>();
    List<Cell> wasm = new ArrayList<>();
    for (int blocks : BEARER) {
      bearer.add(Figures.cold("taper-accp", blocks - 1));
      biscuitJava.add(Figures.cold("biscuit-java", blocks - 1));
      wasm.add(Figures.wasm(blocks - 1));
    }
    add(results, "Taper, bearer, cold, ACCP", "#0aa5b5", false, BEARER, bearer);
    add(results, "biscuit-java", "#d95f02", true, BEARER, biscuitJava);
    add(results, "biscuit-wasm", "#d6278a", true, BEARER, wasm);
    Cell jwt = Cell.of("JwtBenchmark.verify", "backend", "accp");
    add(results, "JWT, one signature, ACCP", "#808080", true, List.of(1), List.of(jwt));
  }

  private void add(
      Results results,
      String name,
      String colour,
      boolean peer,
      List<Integer> blocks,
      List<Cell> cells) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      if (results.has(cells.get(i))) {
        double micros = results.get(cells.get(i)).medianMicros();
        points.add(new Point(blocks.get(i), micros));
        min = Math.min(min, decade(micros));
        max = Math.max(max, 10 * decade(micros));
      }
    }
    if (!points.isEmpty()) {
      series.add(new Series(name, colour, peer, points));
    }
  }

  private static double decade(double value) {
    return Math.pow(10, Math.floor(Math.log10(value)));
  }

  private String draw(String subtitle) {
    line(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\""
            + " font-family=\"system-ui, sans-serif\" font-size=\"13\">",
        WIDTH, HEIGHT);
    line("<title>Time for a call against the number of blocks of its token</title>");
    line("<style>");
    line("  .text { fill: #24292f } .grid { stroke: #8886; stroke-width: 1 }");
    line("  @media (prefers-color-scheme: dark) { .text { fill: #d8dee6 } }");
    line("</style>");
    line("<text class=\"text\" x=\"%d\" y=\"22\" font-size=\"16\">Time for a call</text>", LEFT);
    line("<text class=\"text\" x=\"%d\" y=\"41\">%s</text>", LEFT, escape(subtitle));
    axes();
    series.forEach(this::curve);
    labels();
    line("</svg>");
    return svg.toString();
  }

  private void axes() {
    for (int tick : TICKS) {
      line(
          "<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>",
          x(tick), TOP, x(tick), HEIGHT - BOTTOM);
      line(
          "<text class=\"text\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>",
          x(tick), HEIGHT - BOTTOM + 20, tick);
    }
    for (double decade = min; decade <= max * 1.001; decade *= 10) {
      line(
          "<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>",
          LEFT, y(decade), WIDTH - RIGHT, y(decade));
      line(
          "<text class=\"text\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
          LEFT - 8, y(decade) + 4, micros(decade));
    }
    line(
        "<text class=\"text\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">blocks of the token, the"
            + " authority block included</text>",
        (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 18);
    int middle = (TOP + HEIGHT - BOTTOM) / 2;
    line(
        "<text class=\"text\" x=\"18\" y=\"%d\" text-anchor=\"middle\" transform=\"rotate(-90 18"
            + " %d)\">time of a call</text>",
        middle, middle);
  }

  private void curve(Series one) {
    StringBuilder points = new StringBuilder();
    for (Point point : one.points()) {
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point.blocks()), y(point.micros())));
      line(
          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>",
          x(point.blocks()), y(point.micros()), one.colour());
    }
    line(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s/>",
        points.toString().strip(), one.colour(), one.peer() ? " stroke-dasharray=\"6 4\"" : "");
  }

  /** Labels at the right, in the order of the lines' ends, moved apart and joined to them. */
  private void labels() {
    List<Series> order = new ArrayList<>(series);
    order.sort((a, b) -> Double.compare(y(last(a).micros()), y(last(b).micros())));
    double previous = Double.NEGATIVE_INFINITY;
    for (Series one : order) {
      Point end = last(one);
      double at = Math.max(y(end.micros()) + 4, previous + LABEL_DISTANCE);
      previous = at;
      int x = WIDTH - RIGHT + 22;
      line(
          "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"%s\""
              + " stroke-opacity=\"0.35\"/>",
          x(end.blocks()) + 6, y(end.micros()), x - 5, at - 4, one.colour());
      line(
          "<text x=\"%d\" y=\"%.1f\" fill=\"%s\">%s: %s</text>",
          x, at, one.colour(), escape(one.name()), micros(end.micros()));
    }
  }

  private static Point last(Series one) {
    return one.points().get(one.points().size() - 1);
  }

  private static double x(double blocks) {
    return LEFT + 14 + (WIDTH - LEFT - RIGHT - 14) * Math.log(blocks) / Math.log(MAX_BLOCKS);
  }

  private double y(double micros) {
    double share = Math.log(micros / min) / Math.log(max / min);
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share;
  }

  private static String micros(double value) {
    return value >= 1000
        ? String.format(Locale.ROOT, "%.3g ms", value / 1000).replaceAll("\\.?0+ ", " ")
        : String.format(Locale.ROOT, "%.0f µs", value);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private void line(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
