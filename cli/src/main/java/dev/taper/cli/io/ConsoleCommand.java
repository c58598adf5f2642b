package dev.taper.cli.io;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** A command: it parses its options and has a service do the work. */
public abstract class ConsoleCommand extends Arguments implements Callable<Integer> {
  /** Where it runs. */
  protected final Console console;

  private final String name;
  private final List<String> description;
  private @Nullable CommandSpec spec;

  /**
   * Runs in the given console.
   *
   * @param console where
   * @param name what it is called by
   * @param description what it does, line by line; the first one stands in lists of commands
   */
  protected ConsoleCommand(Console console, String name, String... description) {
    this.console = console;
    this.name = name;
    this.description = List.of(description);
  }

  /** What it does, line by line. */
  public final List<String> description() {
    return description;
  }

  /** The command with all of its arguments, for the parser. */
  public final CommandSpec spec() {
    CommandSpec made = spec;
    if (made == null) {
      made = CommandSpec.wrapWithoutInspection(this).name(name);
      made.usageMessage().description(description.toArray(new String[0]));
      addTo(made);
      addSubcommands(made);
      spec = made;
    }
    return made;
  }

  /** Adds the commands of a group. */
  void addSubcommands(CommandSpec made) {}

  /** Whether the command itself tells of all files that are missing, as part of its result. */
  protected boolean tellsOfMissingFiles() {
    return false;
  }

  /** Does the work. */
  protected abstract ExitCode run();

  @Override
  public final Integer call() {
    if (!tellsOfMissingFiles()) {
      GivenFiles.requireAll(console, spec());
    }
    return run().status();
  }
}
