package dev.taper.cli.key;

import dev.taper.cli.io.Console;
import dev.taper.cli.output.JsonOption;
import dev.taper.cli.io.RegistryOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code taper rotate status}. */
@Command(
    name = "status",
    description = "Show the root keys and, with --registry, what depends on each.")
public final class RotateStatusCommand implements Callable<Integer>, JsonOption.Holder {
  private final Console console;

  @Mixin private final KeySetOption keys = new KeySetOption();
  @Mixin private final RegistryOption registry = new RegistryOption();
  @Mixin private final JsonOption json = new JsonOption();

  /** Runs in the given console. */
  public RotateStatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public boolean json() {
    return json.json();
  }

  @Override
  public Integer call() {
    return new RotationService(console).status(keys.file(), registry.address(), json()).status();
  }
}
