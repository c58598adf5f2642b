package dev.taper.cli.key;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.RegistryOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taper rotate retire}. */
@Command(
    name = "retire",
    description = {
      "Take an old root key out of a key set.",
      "With --registry: revoke it too, for verifiers that still have the old set."
    })
public final class RotateRetireCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--key-id", required = true, paramLabel = "N", description = "Which key.")
  private long keyId;

  @Option(
      names = "--early",
      description = "Before its end: everything that it signed is refused from then on.")
  private boolean early;

  @Mixin private final KeySetOption keys = new KeySetOption();
  @Mixin private final AuditOptions audit = new AuditOptions();
  @Mixin private final RegistryOption registry = new RegistryOption();

  /** Runs in the given console. */
  public RotateRetireCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return new RotationService(console)
        .retire(keys.file(), keyId, registry.address(), early, audit.target())
        .status();
  }
}
