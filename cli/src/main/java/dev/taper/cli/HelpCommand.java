package dev.taper.cli;

import dev.taper.cli.io.Console;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code taper help}. */
@Command(name = "help", description = "Print the help of a command.")
public final class HelpCommand implements Runnable {
  private final Console console;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "COMMAND",
      description = "The command, such as: third-party sign")
  private List<String> names = new ArrayList<>();

  /** Runs in the given console. */
  public HelpCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    CommandLine line = Objects.requireNonNull(spec).root().commandLine();
    for (String name : names) {
      CommandLine next = line.getSubcommands().get(name);
      if (next == null) {
        throw new ParameterException(line, "there is no command '" + name + "'");
      }
      line = next;
    }
    line.usage(console.out(), line.getColorScheme());
  }
}
