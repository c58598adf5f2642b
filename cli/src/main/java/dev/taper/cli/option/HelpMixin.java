package dev.taper.cli.option;

import picocli.CommandLine.Option;

/** The help option. */
public final class HelpMixin {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  private boolean help;
}
