package dev.taper.cli.audit;

import dev.taper.cli.io.Console;
import dev.taper.cli.output.JsonOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code taper audit trace}. */
@Command(
    name = "trace",
    description = {
      "Tell who let whom do what, what was granted, used and denied, and when it ended.",
      "The log is verified on the way: one with a flaw is not told from (exit 1), one without"
          + " a key to verify it is told as NOT VERIFIED."
    })
public final class AuditTraceCommand implements Callable<Integer>, JsonOption.Holder {
  private final Console console;

  @Mixin private final AuditLogInput log = new AuditLogInput();
  @Mixin private final ElsewhereOptions elsewhere = new ElsewhereOptions();
  @Mixin private final SelectionOptions selection = new SelectionOptions();
  @Mixin private final JsonOption json = new JsonOption();

  /** Runs in the given console. */
  public AuditTraceCommand(Console console) {
    this.console = console;
  }

  @Override
  public boolean json() {
    return json.json();
  }

  @Override
  public Integer call() {
    return new TraceService(console)
        .trace(log.input(), selection.input(), elsewhere.input(), json())
        .status();
  }
}
