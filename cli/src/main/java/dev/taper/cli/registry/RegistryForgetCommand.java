package dev.taper.cli.registry;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.RegistryOption;
import dev.taper.operations.config.Times;
import dev.taper.operations.registry.RegistryAccess;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taper registry forget}. */
@Command(
    name = "forget",
    description = "Delete delegations that ended, with their uses; those under review stay.")
final class RegistryForgetCommand extends ConsoleCommand {
  @Option(
      names = "--ended-before",
      required = true,
      paramLabel = "DURATION",
      description = "How long ago they ended at least, such as 90d.")
  private String endedBefore = "";

  @Mixin private final RegistryOption registry = new RegistryOption();

  RegistryForgetCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    RegistryAccess access = new RegistryAccess(console.workplace(), registry.required());
    int forgotten =
        access.forget(console.clock().instant().minus(Times.parseDuration(endedBefore)));
    console.out().println("Forgot " + RegistryText.count(forgotten, "delegation") + ".");
    return ExitCode.OK;
  }
}
