package dev.taper.cli;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Value;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** {@code taper help}. */
public final class HelpCommand extends ConsoleCommand {
  private final Value<List<String>> names =
      parameter("0..*", "0..*", "COMMAND", "The command, such as: third-party sign").texts();

  /** Runs in the given console. */
  public HelpCommand(Console console) {
    super(console, "help", "Print the help of a command.");
  }

  @Override
  protected ExitCode run() {
    CommandLine line = spec().root().commandLine();
    for (String name : names.get()) {
      CommandLine next = line.getSubcommands().get(name);
      if (next == null) {
        throw new ParameterException(line, "there is no command '" + name + "'");
      }
      line = next;
    }
    line.usage(console.out(), line.getColorScheme());
    return ExitCode.OK;
  }
}
