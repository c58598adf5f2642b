package dev.taper.benchmarks.containment;

import java.util.List;
import java.util.Locale;

/**
 * Draws the share of contained pairs by suite and style, as SVG that can be read on a light and on
 * a dark page.
 */
final class Plot {
  private static final int WIDTH = 940;
  private static final int LEFT = 120;
  private static final int RIGHT = 250;
  private static final int TOP = 96;
  private static final int BAR = 18;
  private static final int GROUP = 3 * BAR + 22;

  private final List<Row> rows;
  private final StringBuilder svg = new StringBuilder();

  private Plot(List<Row> rows) {
    this.rows = rows;
  }

  /**
   * The plot.
   *
   * @param rows the figures, suite by suite, the styles of each in their order
   */
  static String of(List<Row> rows) {
    return new Plot(rows).draw();
  }

  private String draw() {
    int groups = rows.size() / GrantStyle.values().length;
    int height = TOP + groups * GROUP + 40;
    line(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\""
            + " font-family=\"system-ui, sans-serif\" font-size=\"13\">",
        WIDTH, height);
    line("<title>Share of attacked tasks in which no call with an effect gets through</title>");
    line("<style>");
    line("  .text { fill: #24292f } .grid { stroke: #8886; stroke-width: 1 }");
    line("  @media (prefers-color-scheme: dark) { .text { fill: #d8dee6 } }");
    line("</style>");
    text(LEFT, 24, "start", 16, "Attacked tasks in which no call with an effect gets through");
    text(LEFT, 44, "start", 13, "and, at the right, user tasks that still work, approvals asked");
    legend();
    axis(TOP + groups * GROUP - 6);
    for (int i = 0; i < rows.size(); i++) {
      bar(rows.get(i), i);
    }
    line("</svg>");
    return svg.toString();
  }

  private void legend() {
    int x = LEFT;
    for (GrantStyle style : GrantStyle.values()) {
      line("<rect x=\"%d\" y=\"60\" width=\"12\" height=\"12\" fill=\"%s\"/>", x, colour(style));
      String text = "grants " + style.text();
      text(x + 18, 71, "start", 13, text);
      x += 46 + 8 * text.length();
    }
  }

  private void axis(int bottom) {
    for (int percent = 0; percent <= 100; percent += 25) {
      line(
          "<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>",
          x(percent), TOP - 10, x(percent), bottom);
      text(x(percent), bottom + 18, "middle", 13, percent + " %");
    }
  }

  private void bar(Row row, int index) {
    int group = index / GrantStyle.values().length;
    int inGroup = index % GrantStyle.values().length;
    int y = TOP + group * GROUP + inGroup * BAR;
    if (inGroup == 1) {
      text(LEFT - 12, y + 13, "end", 13, row.suite());
    }
    line(
        "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>",
        LEFT, y, x(row.containedPercent()) - LEFT, BAR - 3, colour(row.style()));
    String asked =
        row.style() == GrantStyle.WITH_APPROVALS ? ", " + row.askedByTasks() + " asked" : "";
    text(
        WIDTH - RIGHT + 14,
        y + 12,
        "start",
        12,
        String.format(
            Locale.ROOT,
            "%.1f %%   %d of %d tasks%s",
            row.containedPercent(),
            row.kept(),
            row.tasks(),
            asked));
  }

  private static String colour(GrantStyle style) {
    return switch (style) {
      case BY_TOOL -> "#d95f02";
      case BY_ARGUMENT -> "#2f7ed8";
      case WITH_APPROVALS -> "#1a9850";
    };
  }

  private static double x(double percent) {
    return LEFT + (WIDTH - LEFT - RIGHT) * percent / 100;
  }

  private void text(double x, double y, String anchor, int size, String text) {
    line(
        "<text class=\"text\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%d\">%s</text>",
        x, y, anchor, size, text);
  }

  private void line(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
