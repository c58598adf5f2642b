package dev.taper.cli.audit;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.KeyNames;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.Progress;
import dev.taper.cli.output.Style;
import dev.taper.operations.trail.Trail;
import dev.taper.operations.trail.TrailFilter;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells what audit logs say of what is asked. */
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
    Trail trail = trail(log, selection.required(console, names.names()), elsewhere, json);
    Instant now = console.clock().instant();
    if (json) {
      Json.object(console.out(), generator -> new TrailJson(trail, now, generator, names).write());
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
    TrailFilter filter = selection.required(console, names.names());
    Trail trail = trail(log, filter, elsewhere, json);
    String page = new TrailPage(trail, filter, console.clock().instant(), names).write();
    Outputs outputs = new Outputs(console);
    outputs.result(file, page, json);
    return ExitCode.OK;
  }

  private Trail trail(
      AuditLogInput log, TrailFilter filter, ElsewhereOptions elsewhere, boolean json) {
    Trail trail = new Trail(filter, elsewhere.read(console));
    List<String> notes;
    try (Progress progress = Progress.of(console, "reading records", json)) {
      notes = trail.read(log.logs(console), progress::step);
    }
    AuditNotes.print(console, notes);
    return trail;
  }
}
