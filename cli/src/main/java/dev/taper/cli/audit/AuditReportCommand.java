package dev.taper.cli.audit;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.KeyNames;
import dev.taper.cli.io.Value;
import dev.taper.operations.trail.Trail;
import dev.taper.operations.trail.TrailFilter;

/** {@code taper audit report}. */
final class AuditReportCommand extends TrailCommand {
  private final Value<String> html =
      option("--html", "FILE", "Where the page goes: a file, or - for standard output.")
          .requiredText();

  AuditReportCommand(Console console) {
    super(
        console,
        "report",
        "Write the trail of a task, an agent or a token as a page: the delegation tree with its"
            + " calls.");
  }

  @Override
  protected void print(Trail trail, TrailFilter filter, KeyNames known) {
    String page = new TrailPage(trail, filter, console.clock().instant(), known).write();
    outputs.result(html.get(), page, json.given());
  }
}
