package dev.taper.server;

import dev.taper.TaperException;
import dev.taper.operations.OperationException;
import dev.taper.operations.Workplace;
import dev.taper.operations.config.ProfileChoice;
import dev.taper.operations.config.Profiles;
import dev.taper.server.console.ConsoleCommand;
import dev.taper.server.keeper.KeeperCommand;
import dev.taper.server.process.FailureReport;
import dev.taper.server.serve.ServeCommand;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The program: {@code taper serve}, {@code mcp}, {@code keeper} and {@code console}. Its own
 * options say which profile gives others their values, so they are read before the parser, which
 * only has to know them.
 */
@Command(
    name = "taper",
    description = "Runs Taper beside agents and services, without a line of code in them.",
    mixinStandardHelpOptions = true,
    subcommands = {ConsoleCommand.class, KeeperCommand.class, McpCommand.class, ServeCommand.class})
@SuppressWarnings("UnusedVariable") // of the options of its own
public final class Main {
  @Option(
      names = ProfileChoice.PROFILE,
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description = "Take where things are, and what is trusted, from this profile.")
  private @Nullable String profile;

  @Option(
      names = ProfileChoice.NO_PROFILE,
      scope = ScopeType.INHERIT,
      description = "Take no profile, whatever $$TAPER_PROFILE says.")
  private boolean isWithoutProfile;

  @Option(
      names = ProfileChoice.CONFIG,
      paramLabel = "FILE",
      description = "Before the command: the configuration that has the profiles.")
  private @Nullable Path config;

  private Main() {}

  /** Runs one role until it ends, and gives its exit code to the operating system. */
  public static void main(String[] arguments) {
    Workplace here = new Workplace(Path.of(""), Clock.systemUTC());
    System.exit(run(commandLine(), List.of(arguments), System.getenv(), here));
  }

  /** Runs a command with what a profile says, if one is chosen. */
  static int run(
      CommandLine line, List<String> arguments, Map<String, String> environment, Workplace here) {
    try {
      addProfile(line, arguments, environment, here);
    } catch (OperationException | TaperException e) {
      return new FailureReport().handleExecutionException(e, line, null);
    }
    return line.execute(arguments.toArray(new String[0]));
  }

  /**
   * Has options take what the profile says that the line or the environment names. The options
   * above are read here; the parser only has to know them.
   *
   * @throws OperationException if there is no such profile, or its file is wrong
   */
  static void addProfile(
      CommandLine line, List<String> arguments, Map<String, String> environment, Workplace here) {
    int end = arguments.indexOf("--");
    List<String> own = end < 0 ? arguments : arguments.subList(0, end);
    if (own.contains("--help") || own.contains("-h")) {
      return; // help is the same without
    }
    Profiles.Profile chosen = ProfileChoice.ofLine(own, environment, here).read();
    if (chosen != null) {
      ProfileChoice.Defaults defaults = new ProfileChoice.Defaults(chosen, own);
      line.setDefaultValueProvider(new ProfileDefaults(defaults, own));
      FailureReport report = new FailureReport().hinting(defaults::hint);
      line.setExecutionExceptionHandler(report).setParameterExceptionHandler(report);
    }
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
