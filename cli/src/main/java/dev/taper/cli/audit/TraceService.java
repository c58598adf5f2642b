package dev.taper.cli.audit;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.KeyNames;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.Style;
import dev.taper.operations.trail.Trail;
import dev.taper.operations.trail.TrailFilter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Tells what an audit log says of a task, an agent or a token. */
final class TraceService {
  private final Console console;
  private final KeyNames names;

  TraceService(Console console, KeyNames names) {
    this.console = console;
    this.names = names;
  }

  /** Prints who let whom do what, and what was done. */
  ExitCode trace(
      AuditLogInput log, SelectionOptions selection, ElsewhereOptions elsewhere, boolean json) {
    Trail trail = trail(log, selection.required(console), elsewhere);
    Instant now = console.clock().instant();
    if (json) {
      Json.object(console.out(), generator -> new TrailJson(trail, now, generator).write());
    } else {
      new TrailText(trail, now, console.out(), Style.out(console), names).print();
    }
    return ExitCode.OK;
  }

  /**
   * Writes the trail as a page.
   *
   * @param file where to, or null for standard output
   * @param json whether to say as JSON where it went
   */
  ExitCode report(
      AuditLogInput log,
      SelectionOptions selection,
      ElsewhereOptions elsewhere,
      @Nullable String file,
      boolean json) {
    TrailFilter filter = selection.required(console);
    Trail trail = trail(log, filter, elsewhere);
    String page = new TrailPage(trail, filter, console.clock().instant(), names).write();
    Outputs outputs = new Outputs(console);
    outputs.result(file, page, json);
    return ExitCode.OK;
  }

  private Trail trail(AuditLogInput log, TrailFilter filter, ElsewhereOptions elsewhere) {
    Trail trail = new Trail(filter, elsewhere.read(console));
    AuditNotes.print(console, trail.read(log.reader(console)));
    return trail;
  }
}
