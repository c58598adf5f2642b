package dev.taper.cli.approval;

import dev.taper.cli.io.Console;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code taper escalate}, a group. */
@Command(
    name = "escalate",
    description = {
      "Wake a grant that needs an approval.",
      "The holder of a token makes a request, the approver signs an approval (taper approve), the"
          + " holder attaches it."
    })
public final class EscalateCommand implements Runnable {
  private @Nullable CommandSpec spec;

  private final Console console;

  /** Runs in the given console. */
  public EscalateCommand(Console console) {
    this.console = console;
  }

  /** Called by picocli; adds the subcommands. */
  @Spec
  void spec(CommandSpec newSpec) {
    this.spec = newSpec;
    newSpec.addSubcommand("request", new CommandLine(new EscalateRequestCommand(console)));
    newSpec.addSubcommand("attach", new CommandLine(new EscalateAttachCommand(console)));
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "escalate needs: request or attach");
  }
}
