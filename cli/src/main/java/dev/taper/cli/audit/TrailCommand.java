package dev.taper.cli.audit;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.KeyNames;
import dev.taper.cli.io.NamesOption;
import dev.taper.cli.output.JsonOption;
import dev.taper.cli.output.Progress;
import dev.taper.operations.trail.Trail;
import dev.taper.operations.trail.TrailFilter;
import java.util.List;

/** A command that tells what records of a log say of a task, an agent or a token. */
abstract class TrailCommand extends ConsoleCommand {
  private final AuditLogInput log = part(new AuditLogInput());
  private final ElsewhereOptions elsewhere = part(new ElsewhereOptions());
  private final SelectionOptions selection = part(new SelectionOptions());
  private final NamesOption names = part(new NamesOption());

  /** Whether JSON is wanted. */
  protected final JsonOption json = part(new JsonOption());

  TrailCommand(Console console, String name, String... description) {
    super(console, name, description);
  }

  @Override
  protected final ExitCode run() {
    KeyNames known = new KeyNames(AuditNotes.names(console, names));
    TrailFilter filter = selection.required(console, known.names());
    Trail trail = new Trail(filter, elsewhere.read(console));
    List<String> notes;
    try (Progress progress = Progress.of(console, "reading records", json.json())) {
      notes = trail.read(log.logs(console), progress::step);
    }
    AuditNotes.print(console, notes);
    print(trail, filter, known);
    return ExitCode.OK;
  }

  /** Prints what was found. */
  protected abstract void print(Trail trail, TrailFilter filter, KeyNames known);
}
