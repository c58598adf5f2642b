package dev.taper.cli.approval;

import dev.taper.ShownText;
import dev.taper.cli.output.Style;
import java.io.PrintStream;
import java.util.List;

/**
 * Rows of a label and a value. No text can pass for a row of ours: every value is safe text, cut
 * into lines of a terminal's width, and what goes on below its label is indented and marked.
 */
final class LabelledRows {
  /** How wide the lines of a value are. */
  static final int LINE = 64;

  private static final int LABEL = 12;

  private final PrintStream out;
  private final Style style;

  LabelledRows(PrintStream out, Style style) {
    this.out = out;
    this.style = style;
  }

  /** A value of which a part is enough, if it is long: its length and digest are shown then. */
  void line(String label, String value, int columns) {
    shown(label, ShownText.of(value, columns));
  }

  /** A value that is shown to its end. */
  void whole(String label, String value) {
    line(label, value, Integer.MAX_VALUE);
  }

  /** Text that is safe to show already, to its end. */
  void shown(String label, String shown) {
    List<String> lines = ShownText.lines(shown, LINE);
    row(label, lines.get(0));
    for (String more : lines.subList(1, lines.size())) {
      row("", "| " + more);
    }
  }

  /** A value of ours, on one line. */
  void row(String label, String value) {
    out.println(style.label(label, LABEL) + value);
  }

  /** Something to look at. */
  void warn(String text) {
    out.println(style.warn("warning") + "     " + text);
  }
}
