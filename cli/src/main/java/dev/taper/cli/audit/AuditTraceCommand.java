package dev.taper.cli.audit;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.KeyNames;
import dev.taper.cli.output.Style;
import dev.taper.operations.trail.Trail;
import dev.taper.operations.trail.TrailFilter;
import java.time.Instant;

/** {@code taper audit trace}. */
final class AuditTraceCommand extends TrailCommand {

  AuditTraceCommand(Console console) {
    super(
        console,
        "trace",
        "Tell who let whom do what, what was granted, used and denied, and when it ended.",
        "The log is verified on the way: one with a flaw is not told from (exit 1), one without"
            + " a key to verify it is told as NOT VERIFIED.");
  }

  @Override
  protected void print(Trail trail, TrailFilter filter, KeyNames known) {
    Instant now = console.clock().instant();
    if (json.given()) {
      printJson(new TrailFields(trail, now, known).all());
    } else {
      new TrailText(trail, now, console.out(), Style.out(console), known).print();
    }
  }
}
