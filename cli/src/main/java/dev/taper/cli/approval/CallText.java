package dev.taper.cli.approval;

import dev.taper.ShownText;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.ApprovalRequest.ShownCall;
import dev.taper.cli.output.Style;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Shows a call that is to be approved. */
final class CallText {
  private CallText() {}

  /** The whole call, however long it is. */
  static String whole(ApprovalRequest request) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(text, false, StandardCharsets.UTF_8)) {
      LabelledRows rows = new LabelledRows(out, Style.PLAIN);
      rows.whole("at", request.audience());
      ShownCall call = ShownCall.of(request.call(), Integer.MAX_VALUE);
      arguments(rows, call);
      meaning(rows, call);
    }
    return text.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  /** A row for each argument, which says how long it is if that cannot be seen at a glance. */
  static void arguments(LabelledRows rows, ShownCall call) {
    for (ShownCall.Shown argument : call.arguments()) {
      String text = argument.name() + ": " + argument.value();
      long columns = ShownText.columns(text);
      rows.whole(
          "  argument",
          columns > LabelledRows.LINE
              ? argument.name() + " (" + columns + " columns): " + argument.value()
              : text);
    }
  }

  /** What the call means, and the digest of all of it. */
  static void meaning(LabelledRows rows, ShownCall call) {
    rows.whole("tool", call.tool() + ", operation " + call.operation());
    rows.whole("resource", call.resource());
    rows.row("digest", call.digest());
  }
}
