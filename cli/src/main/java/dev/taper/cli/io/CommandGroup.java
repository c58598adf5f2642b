package dev.taper.cli.io;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A command that only has subcommands. */
public abstract class CommandGroup extends ConsoleCommand {
  /** Runs in the given console, under this name. */
  protected CommandGroup(Console console, String name, String... description) {
    super(console, name, description);
  }

  /** Makes the subcommands; a list of all commands does not need them. */
  protected abstract List<ConsoleCommand> subcommands();

  @Override
  final void addSubcommands(CommandSpec made) {
    for (ConsoleCommand subcommand : subcommands()) {
      made.addSubcommand(null, subcommand.spec());
    }
  }

  @Override
  protected final ExitCode run() {
    CommandSpec own = spec();
    List<String> names = List.copyOf(own.subcommands().keySet());
    int last = names.size() - 1;
    String all =
        last == 0
            ? names.get(0)
            : String.join(", ", names.subList(0, last)) + " or " + names.get(last);
    throw new ParameterException(own.commandLine(), own.name() + " needs: " + all);
  }
}
