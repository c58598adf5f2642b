package dev.taper.cli.io;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only has subcommands. */
public abstract class CommandGroup implements Runnable {
  private final List<CommandLine> subcommands = new ArrayList<>();
  private @Nullable CommandSpec spec;

  /** Has the given subcommands. */
  protected CommandGroup(Object... subcommands) {
    for (Object subcommand : subcommands) {
      this.subcommands.add(
          subcommand instanceof CommandLine line ? line : new CommandLine(subcommand));
    }
  }

  /** Called by picocli; adds the subcommands. */
  @Spec
  final void spec(CommandSpec newSpec) {
    this.spec = newSpec;
    subcommands.forEach(line -> newSpec.addSubcommand(null, line));
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
