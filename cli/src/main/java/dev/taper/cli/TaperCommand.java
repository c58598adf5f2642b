package dev.taper.cli;

import dev.taper.cli.io.Console;
import dev.taper.cli.output.Style;
import dev.taper.operations.config.ProfileChoice;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The root of all commands. */
final class TaperCommand implements Runnable {
  private static final String HELP = "help";

  private final OptionSpec debug =
      flag("--debug", "Print the stack trace of a failure.").scopeType(ScopeType.INHERIT).build();

  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("taper");

  TaperCommand(Style style) {
    spec.versionProvider(new VersionProvider());
    spec.addOption(
        flag("--help", "Print this help.")
            .names("-h", "--help")
            .usageHelp(true)
            .scopeType(ScopeType.INHERIT)
            .build());
    spec.addOption(
        flag("--version", "Print the version.").names("-V", "--version").versionHelp(true).build());
    spec.addOption(debug);
    spec.addOption(
        value(ProfileChoice.PROFILE, "NAME", "Take the values of options from this profile.")
            .scopeType(ScopeType.INHERIT)
            .build());
    spec.addOption(
        flag(ProfileChoice.NO_PROFILE, "Take no profile, whatever $TAPER_PROFILE says.")
            .scopeType(ScopeType.INHERIT)
            .build());
    spec.addOption(
        value(ProfileChoice.CONFIG, "FILE", "The configuration that has the profiles.").build());
    spec.usageMessage().sectionKeys(List.of(HELP)).sectionMap(Map.of(HELP, new RootHelp(style)));
  }

  private static OptionSpec.Builder flag(String name, String description) {
    return OptionSpec.builder(name).type(boolean.class).description(description);
  }

  private static OptionSpec.Builder value(String name, String label, String description) {
    return OptionSpec.builder(name)
        .type(String.class)
        .arity("1")
        .paramLabel(label)
        .description(description);
  }

  /**
   * The profile that a command line or the environment names; looked up before parsing, for it
   * gives defaults.
   *
   * @throws dev.taper.operations.OperationException if the command line contradicts itself
   */
  static ProfileChoice choice(Console console, List<String> args) {
    return ProfileChoice.ofLine(args, console.env(), console.workplace());
  }

  /** The command with its options, for the parser. */
  CommandSpec spec() {
    return spec;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command was given");
  }

  /** Whether stack traces are wanted. */
  boolean debug() {
    return Boolean.TRUE.equals(debug.getValue());
  }
}
