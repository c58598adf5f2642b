package dev.taper.cli.io;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only has subcommands. */
public abstract class CommandGroup implements Runnable {
  /** Where it runs. */
  protected final Console console;

  private @Nullable CommandSpec spec;

  /** Runs in the given console. */
  protected CommandGroup(Console console) {
    this.console = console;
  }

  /** Makes the subcommands; a list of all commands does not need them. */
  protected abstract List<Object> subcommands();

  /** Called by picocli; adds the subcommands. */
  @Spec
  final void spec(CommandSpec newSpec) {
    this.spec = newSpec;
    for (Object subcommand : subcommands()) {
      newSpec.addSubcommand(
          null, subcommand instanceof CommandLine line ? line : new CommandLine(subcommand));
    }
  }

  @Override
  public final void run() {
    CommandSpec own = Objects.requireNonNull(spec);
    List<String> names = List.copyOf(own.subcommands().keySet());
    int last = names.size() - 1;
    String all =
        last == 0
            ? names.get(0)
            : String.join(", ", names.subList(0, last)) + " or " + names.get(last);
    throw new ParameterException(own.commandLine(), own.name() + " needs: " + all);
  }
}
