package dev.taper.cli.registry;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.revocation.HorizonOptions;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.RegistryOption;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taper registry publish}. */
@Command(
    name = "publish",
    description = {
      "Sign what reviews and rotations revoked, as the next revocation list in the same database.",
      "What nobody certified by its review's date is revoked then, with a record in --audit.",
      "Run it after them, and again before the list's next update is due: verifiers deny"
          + " everything when it is late."
    })
public final class RegistryPublishCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "Write all of the list to a file too, for verifiers that read files.")
  private @Nullable String file;

  @Mixin private final HorizonOptions horizon = new HorizonOptions();
  @Mixin private final PrivateKeyInput key = new PrivateKeyInput();
  @Mixin private final AuditOptions audit = new AuditOptions();
  @Mixin private final RegistryOption registry = new RegistryOption();

  /** Runs in the given console. */
  public RegistryPublishCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return new RegistryService(console)
        .publish(registry.required(), key.input(console), horizon.horizon(), file, audit.target())
        .status();
  }
}
