package dev.taper.cli.registry;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.RegistryOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taper registry forget}. */
@Command(
    name = "forget",
    description = "Delete delegations that ended, with their uses; those under review stay.")
public final class RegistryForgetCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--ended-before",
      required = true,
      paramLabel = "DURATION",
      description = "How long ago they ended at least, such as 90d.")
  private String endedBefore = "";

  @Mixin private final RegistryOption registry = new RegistryOption();

  /** Runs in the given console. */
  public RegistryForgetCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return new RegistryService(console).forget(registry.required(), endedBefore).status();
  }
}
