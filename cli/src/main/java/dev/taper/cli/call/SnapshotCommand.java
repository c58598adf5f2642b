package dev.taper.cli.call;

import dev.taper.cli.io.Console;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code taper snapshot}, a group. */
@Command(name = "snapshot", description = "Saved authorizations; they carry no signatures.")
public final class SnapshotCommand implements Runnable {
  private @Nullable CommandSpec spec;

  private final Console console;

  /** Runs in the given console. */
  public SnapshotCommand(Console console) {
    this.console = console;
  }

  /** Called by picocli; adds the subcommand. */
  @Spec
  void spec(CommandSpec newSpec) {
    this.spec = newSpec;
    newSpec.addSubcommand("inspect", new CommandLine(new SnapshotInspectCommand(console)));
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "snapshot needs: inspect");
  }
}
