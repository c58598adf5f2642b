package dev.taper.cli.key;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.KeyFormat;
import dev.taper.cli.io.KeyInput;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taper rotate start}. */
@Command(
    name = "start",
    description = {
      "Add a root key to a key set; the keys in it end after the overlap.",
      "With --registry: tell what still depends on them."
    })
public final class RotateStartCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--new-key",
      required = true,
      paramLabel = "FILE",
      description = "File with the new root's public key.")
  private String key = "";

  @Option(
      names = "--new-key-id",
      paramLabel = "N",
      description = "Its id. Default: one more than the greatest in the set.")
  private @Nullable Long keyId;

  @Option(names = "--issuer", paramLabel = "TEXT", description = "Whose key it is.")
  private @Nullable String issuer;

  @Option(
      names = "--overlap",
      paramLabel = "DURATION",
      description = "How long the old keys stay good. Default: ${DEFAULT-VALUE}.")
  private String overlap = "7d";

  @Mixin private final KeySetOption keys = new KeySetOption();
  @Mixin private final AuditOptions audit = new AuditOptions();
  @Mixin private final RegistryOption registry = new RegistryOption();

  /** Runs in the given console. */
  public RotateStartCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    KeyInput input = new KeyInput(Source.ofFile(key), KeyFormat.AUTO, null, null);
    return new RotationService(console)
        .start(keys.file(), input, keyId, issuer, overlap, registry.address(), audit.target())
        .status();
  }
}
