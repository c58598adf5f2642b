package dev.taper.cli.audit;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.Style;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Tells what an audit log says of a task, an agent or a token. */
public final class TraceService {
  private final Console console;

  /** Works in the given console. */
  public TraceService(Console console) {
    this.console = console;
  }

  /** Prints who let whom do what, and what was done. */
  public ExitCode trace(
      LogInput input, SelectionInput selection, ElsewhereInput elsewhere, boolean json) {
    Trail trail = trail(input, selection, elsewhere);
    Instant now = console.clock().instant();
    if (json) {
      Json.object(console.out(), generator -> new TrailJson(trail, now, generator).write());
    } else {
      new TrailText(trail, now, console.out(), Style.out(console)).print();
    }
    return ExitCode.OK;
  }

  /**
   * Writes the same as a page.
   *
   * @param file where to, or null for standard output
   */
  public ExitCode report(
      LogInput input, SelectionInput selection, ElsewhereInput elsewhere, @Nullable String file) {
    String page =
        new TrailPage(trail(input, selection, elsewhere), console.clock().instant()).write();
    Outputs outputs = new Outputs(console);
    if (file == null || file.equals("-")) {
      outputs.secretText(null, page);
    } else {
      outputs.file(file, (page + "\n").getBytes(StandardCharsets.UTF_8), true, true);
    }
    return ExitCode.OK;
  }

  private Trail trail(LogInput input, SelectionInput selection, ElsewhereInput elsewhere) {
    Trail trail = new Trail(selection.required(console), elsewhere.read(console));
    trail.verified(new LogReader(console).read(input, trail::add));
    if (trail.tasks().isEmpty()) {
      throw new CliException(
          ExitCode.USAGE, "nothing_found", "the audit log says nothing of that", null);
    }
    return trail;
  }
}
