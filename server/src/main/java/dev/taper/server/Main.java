package dev.taper.server;

import dev.taper.server.console.ConsoleCommand;
import dev.taper.server.keeper.KeeperCommand;
import dev.taper.server.process.FailureReport;
import dev.taper.server.serve.ServeCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program: {@code taper serve}, {@code mcp}, {@code keeper} and {@code console}. */
@Command(
    name = "taper",
    description = "Runs Taper beside agents and services, without a line of code in them.",
    mixinStandardHelpOptions = true,
    subcommands = {ConsoleCommand.class, KeeperCommand.class, McpCommand.class, ServeCommand.class})
public final class Main {
  private Main() {}

  /** Runs one role until it ends, and gives its exit code to the operating system. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    FailureReport report = new FailureReport();
    CommandLine line = new CommandLine(new Main());
    Examples.addTo(line);
    return line.setExpandAtFiles(false)
        .setExecutionExceptionHandler(report)
        .setParameterExceptionHandler(report);
  }
}
