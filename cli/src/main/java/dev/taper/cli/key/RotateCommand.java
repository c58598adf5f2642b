package dev.taper.cli.key;

import dev.taper.cli.io.Console;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code taper rotate}, a group. */
@Command(
    name = "rotate",
    description = {
      "Replace a root key: start adds the new one, and lets the others end after an overlap in"
          + " which both are good; retire takes an old one away."
    })
public final class RotateCommand implements Runnable {
  private @Nullable CommandSpec spec;

  private final Console console;

  /** Runs in the given console. */
  public RotateCommand(Console console) {
    this.console = console;
  }

  /** Called by picocli; adds the subcommands. */
  @Spec
  void spec(CommandSpec newSpec) {
    this.spec = newSpec;
    newSpec.addSubcommand("start", new CommandLine(new RotateStartCommand(console)));
    newSpec.addSubcommand("status", new CommandLine(new RotateStatusCommand(console)));
    newSpec.addSubcommand("retire", new CommandLine(new RotateRetireCommand(console)));
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "rotate needs: start, status or retire");
  }
}
