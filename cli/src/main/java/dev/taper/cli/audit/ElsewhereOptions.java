package dev.taper.cli.audit;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.RevocationListOptions;
import dev.taper.operations.registry.RegistryAccess;
import dev.taper.revocation.Revocations;
import dev.taper.store.registry.Endings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** Where else to look up what is living, besides the audit log. */
final class ElsewhereOptions {
  @Mixin private final RevocationListOptions revocations = new RevocationListOptions();
  @Mixin private final RegistryOption registry = new RegistryOption();

  /** Looks there. */
  Endings read(Console console) {
    @Nullable Revocations list = revocations.lookUp(console);
    RegistryAccess access = registry.access(console);
    return access == null ? Endings.of(list, console.clock().instant()) : access.endings(list);
  }
}
