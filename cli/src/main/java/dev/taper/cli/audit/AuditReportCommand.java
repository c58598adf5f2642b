package dev.taper.cli.audit;

import dev.taper.cli.io.Console;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taper audit report}. */
@Command(
    name = "report",
    description = {
      "Write the trail of a task, an agent or a token as a page: the delegation tree with its"
          + " calls."
    })
public final class AuditReportCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--html",
      required = true,
      paramLabel = "FILE",
      description = "Where the page goes: a file, or - for standard output.")
  private @Nullable String html;

  @Mixin private final AuditLogInput log = new AuditLogInput();
  @Mixin private final ElsewhereOptions elsewhere = new ElsewhereOptions();
  @Mixin private final SelectionOptions selection = new SelectionOptions();

  /** Runs in the given console. */
  public AuditReportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return new TraceService(console)
        .report(log.input(), selection.input(), elsewhere.input(), html)
        .status();
  }
}
