package dev.taper.cli.io;

import dev.taper.JsonFields;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** A command: what it takes, and what it does with that. */
public abstract class ConsoleCommand extends Arguments implements Callable<Integer> {
  /** Where it runs. */
  protected final Console console;

  /** What it reads; standard input can be one of it. */
  protected final Inputs inputs;

  /** What it writes. */
  protected final Outputs outputs;

  /** The keys that it reads. */
  protected final Keys keys;

  /** The tokens that it reads and writes. */
  protected final Tokens tokens;

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
    this.inputs = new Inputs(console);
    this.outputs = new Outputs(console);
    this.keys = new Keys(inputs);
    this.tokens = new Tokens(inputs, outputs);
    this.name = name;
    this.description = List.of(description);
  }

  /** Prints a line of the result as it is. */
  protected final void print(String line) {
    console.out().println(line);
  }

  /** Prints the result for programs. */
  protected final void printJson(JsonFields fields) {
    Json.result(console.out(), fields);
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
