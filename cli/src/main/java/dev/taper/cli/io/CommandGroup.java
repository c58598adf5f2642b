package dev.taper.cli.io;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A command that only has subcommands. */
public abstract class CommandGroup extends ConsoleCommand {
  private final List<ConsoleCommand> subcommands;

  /**
   * Runs in the given console.
   *
   * @param console where
   * @param name what it is called by
   * @param subcommands its subcommands
   * @param description what it is for, line by line; the first one stands in lists of commands
   */
  protected CommandGroup(
      Console console, String name, List<ConsoleCommand> subcommands, String... description) {
    super(console, name, description);
    this.subcommands = subcommands;
  }

  @Override
  final void addSubcommands(CommandSpec made) {
    subcommands.forEach(subcommand -> made.addSubcommand(null, subcommand.spec()));
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
