package dev.taper.cli;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code taper completion}. */
public final class CompletionCommand extends ConsoleCommand {
  private final Value<List<String>> words =
      parameter("0..*", "0..*", "SHELL", "bash (the default), zsh or fish.").texts();

  private final Value<@Nullable String> values =
      option(
              "--values",
              "KIND",
              "What the scripts ask: print what a value of this kind can be, after -- and the words"
                  + " of the command line.")
          .text();

  /** Runs in the given console. */
  public CompletionCommand(Console console) {
    super(
        console,
        "completion",
        "Print a completion script.",
        "Load it in the shell, or in its start-up file: in bash and zsh as below, in fish by",
        "  taper completion fish | source",
        "Files are completed as the shell does it by itself; names, tasks, profiles and keys of a",
        "keeper from what the command line or the profile names.");
  }

  @Override
  protected ExitCode run() {
    if (values.get() != null) {
      new CompletionValues(console, words.get())
          .of(CompletionValues.kind(values.get()))
          .forEach(console.out()::println);
      return ExitCode.OK;
    }
    if (words.get().size() > 1) {
      throw CliException.usage("one shell at a time");
    }
    String shell = words.get().isEmpty() ? CompletionScript.SHELLS.get(0) : words.get().get(0);
    console.out().print(new CompletionScript(spec().root()).of(shell));
    return ExitCode.OK;
  }
}
