package dev.taper.cli.audit;

import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.RevocationListOptions;
import picocli.CommandLine.Mixin;

/** Where to look what is living, besides the audit log. */
public final class ElsewhereOptions {
  @Mixin private final RevocationListOptions revocations = new RevocationListOptions();
  @Mixin private final RegistryOption registry = new RegistryOption();

  /** Where. */
  public ElsewhereInput input() {
    return new ElsewhereInput(revocations.input(), registry.address());
  }
}
