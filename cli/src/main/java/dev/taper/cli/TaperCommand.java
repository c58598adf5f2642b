package dev.taper.cli;

import dev.taper.cli.output.Style;
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
    spec.usageMessage().sectionKeys(List.of(HELP)).sectionMap(Map.of(HELP, new RootHelp(style)));
  }

  private static OptionSpec.Builder flag(String name, String description) {
    return OptionSpec.builder(name).type(boolean.class).description(description);
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
