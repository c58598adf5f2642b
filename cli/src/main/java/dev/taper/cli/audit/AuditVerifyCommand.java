package dev.taper.cli.audit;

import dev.taper.cli.io.Console;
import dev.taper.cli.output.JsonOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code taper audit verify}. */
@Command(
    name = "verify",
    description = {
      "Say whether an audit log is what was written to it: exit 0, or exit 1 and the first record"
          + " that was edited, removed, inserted, moved or cut off. Without a key that may have"
          + " signed it, a log without flaws is called CHAINED, not INTACT (exit 1)."
    })
public final class AuditVerifyCommand implements Callable<Integer>, JsonOption.Holder {
  private final Console console;

  @Mixin private final AuditLogInput log = new AuditLogInput();
  @Mixin private final JsonOption json = new JsonOption();

  /** Runs in the given console. */
  public AuditVerifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public boolean json() {
    return json.json();
  }

  @Override
  public Integer call() {
    return new VerifyService(console).run(log.input(), json()).status();
  }
}
