package dev.taper.cli;

import dev.taper.TaperException;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.ProfileDefaults;
import dev.taper.cli.io.StandardOutput;
import dev.taper.cli.output.Style;
import dev.taper.operations.OperationException;
import dev.taper.operations.config.ProfileChoice;
import dev.taper.operations.config.Profiles;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Runs commands in a console. */
public final class TaperCommandLine {
  // Wide enough for the longest option with its description.
  private static final int HELP_WIDTH = 100;

  /** What takes nothing from a profile: it is read by config itself. */
  private static final Set<String> UNCONFIGURED = Set.of("completion", "config", "help");

  /** How a process ends that wrote to a pipe which nobody reads any more: 128 and the signal. */
  private static final int SIGPIPE = 128 + 13;

  private final Console console;

  /** Runs commands in the given console. */
  public TaperCommandLine(Console console) {
    this.console = console;
  }

  /**
   * Runs one command.
   *
   * @param args the command line, without the program's name
   * @return the exit code; see {@link ExitCode}
   */
  public int run(String... args) {
    int status = execute(args);
    // A result that did not arrive, as on a full disk, is not a success.
    if (console.out().checkError() && status == ExitCode.OK.status()) {
      if (console.out() instanceof StandardOutput out && out.isPipeClosed()) {
        return SIGPIPE; // as other tools end, without a word
      }
      console.err().println("taper: cannot write to standard output (io)");
      status = ExitCode.IO.status();
    }
    console.err().flush();
    return status;
  }

  private int execute(String[] args) {
    TaperCommand root = new TaperCommand(Style.out(console));
    FailureReport report = new FailureReport(console, List.of(args), root::debug);
    CommandLine line = commandLine(root, report, args);
    try {
      addProfile(line, report, args);
      return line.execute(args);
    } catch (CliException | OperationException | TaperException e) {
      return report.handleExecutionException(e, line, null);
    } catch (RuntimeException | Error e) {
      // Otherwise the JVM would end with 1, which here means: denied.
      return report.internal(e);
    }
  }

  private CommandLine commandLine(TaperCommand root, FailureReport report, String[] args) {
    CommandLine line = new CommandLine(root.spec());
    CommandTable.register(line, console, args);
    collectErrors(line);
    return line.setExpandAtFiles(false)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(HELP_WIDTH)
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(Style.out(console).on() ? Ansi.ON : Ansi.OFF))
        .setOut(writer(console.out()))
        .setErr(writer(console.err()))
        .setExecutionStrategy(report)
        .setExecutionExceptionHandler(report)
        .setParameterExceptionHandler(report);
  }

  /** Has the profile that is chosen give options their values; help is the same without. */
  private void addProfile(CommandLine line, FailureReport report, String[] args) {
    List<String> words = List.of(args);
    String first = CommandTable.firstWord(args);
    if (first == null
        || UNCONFIGURED.contains(first)
        || words.contains("--help")
        || words.contains("-h")) {
      return;
    }
    Profiles.Profile profile = TaperCommand.choice(console, words).read();
    if (profile != null) {
      ProfileChoice.Defaults defaults = ProfileDefaults.of(line, profile, words);
      report.hint(defaults::hint);
    }
  }

  /** Parses on behind a mistake, so that all are told at once. */
  private static void collectErrors(CommandLine line) {
    line.getCommandSpec().parser().collectErrors(true);
    line.getSubcommands().values().forEach(TaperCommandLine::collectErrors);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }
}
