package dev.taper.cli.audit;

import dev.taper.cli.io.Console;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code taper audit}, a group. */
@Command(
    name = "audit",
    description = {
      "Read audit logs.",
      "The commands that grant, hand on, use or end authority write them, with --audit."
    })
public final class AuditCommand implements Runnable {
  private @Nullable CommandSpec spec;

  private final Console console;

  /** Runs in the given console. */
  public AuditCommand(Console console) {
    this.console = console;
  }

  /** Called by picocli; adds the subcommands. */
  @Spec
  void spec(CommandSpec newSpec) {
    this.spec = newSpec;
    newSpec.addSubcommand("verify", new CommandLine(new AuditVerifyCommand(console)));
    newSpec.addSubcommand("trace", new CommandLine(new AuditTraceCommand(console)));
    newSpec.addSubcommand("report", new CommandLine(new AuditReportCommand(console)));
    newSpec.addSubcommand("export", new CommandLine(new AuditExportCommand(console)));
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "audit needs: verify, trace, report or export");
  }
}
