package dev.taper.cli.revocation;

import dev.taper.cli.io.Console;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code taper task}, a group. */
@Command(name = "task", description = "Tasks, which authority is granted for.")
public final class TaskCommand implements Runnable {
  private @Nullable CommandSpec spec;

  private final Console console;

  /** Runs in the given console. */
  public TaskCommand(Console console) {
    this.console = console;
  }

  /** Called by picocli; adds the subcommands. */
  @Spec
  void spec(CommandSpec newSpec) {
    this.spec = newSpec;
    newSpec.addSubcommand("end", new CommandLine(new TaskEndCommand(console)));
  }

  @Override
  public void run() {
    throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "task needs: end");
  }
}
