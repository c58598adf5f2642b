package dev.taper.cli.approval;

import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ShownCall;
import dev.taper.cli.output.Style;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Shows a call that is to be approved. */
final class CallText {
  private CallText() {}

  /** The whole call, however long it is. */
  static String whole(ApprovalRequest request, @Nullable CatalogTool tool) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(text, false, StandardCharsets.UTF_8)) {
      LabelledRows rows = new LabelledRows(out, Style.PLAIN);
      rows.whole("at", request.audience());
      ShownCall call = ShownCall.of(request.call(), tool, Integer.MAX_VALUE);
      head(rows, call);
      arguments(rows, call);
      rows.row("digest", call.digest());
    }
    return text.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  /** A row for each argument, which says how long it is if that cannot be seen at a glance. */
  static void arguments(LabelledRows rows, ShownCall call) {
    for (ShownCall.Argument argument : call.arguments()) {
      rows.shown(
          "  " + argument.label(),
          argument.columns() > LabelledRows.LINE
              ? argument.name() + " (" + argument.columns() + " columns): " + argument.value()
              : argument.text());
    }
    if (call.omitted() > 0) {
      rows.row("  not shown", call.omitted() + " more arguments");
    }
  }

  /** What would happen. */
  static void head(LabelledRows rows, ShownCall call) {
    call.head().forEach(row -> rows.shown(row.label(), row.value()));
  }
}
