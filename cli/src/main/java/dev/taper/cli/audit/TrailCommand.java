package dev.taper.cli.audit;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.KeyNames;
import dev.taper.cli.io.NamesOption;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.RevocationListOptions;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.Progress;
import dev.taper.operations.registry.RegistryAccess;
import dev.taper.operations.trail.Trail;
import dev.taper.operations.trail.TrailFilter;
import dev.taper.revocation.Revocations;
import dev.taper.store.registry.Endings;
import java.util.List;

/** A command that tells what records of a log say of a task, an agent or a token. */
abstract class TrailCommand extends JsonCommand {
  private final AuditLogInput log = part(new AuditLogInput());
  private final RevocationListOptions revocations = part(new RevocationListOptions());
  private final RegistryOption registry = part(new RegistryOption());
  private final SelectionOptions selection = part(new SelectionOptions());
  private final NamesOption names = part(new NamesOption());

  /** Whether JSON is wanted. */
  TrailCommand(Console console, String name, String... description) {
    super(console, name, description);
  }

  @Override
  protected final ExitCode run() {
    KeyNames known = new KeyNames(AuditNotes.names(console, names));
    TrailFilter filter = selection.required(console, known.names());
    Trail trail = new Trail(filter, endings());
    List<String> notes;
    try (Progress progress = Progress.of(console, "reading records", json.given())) {
      notes = trail.read(log.logs(console), progress::step);
    }
    AuditNotes.print(console, notes);
    print(trail, filter, known);
    return ExitCode.OK;
  }

  /** What is known elsewhere of ends that the log does not name. */
  private Endings endings() {
    Revocations list = revocations.lookUp(console);
    RegistryAccess access = registry.access(console);
    return access == null ? Endings.of(list, console.clock().instant()) : access.endings(list);
  }

  /** Prints what was found. */
  protected abstract void print(Trail trail, TrailFilter filter, KeyNames known);
}
