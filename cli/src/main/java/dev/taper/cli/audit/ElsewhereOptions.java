package dev.taper.cli.audit;

import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.RevocationListOptions;
import dev.taper.operations.registry.RegistryAccess;
import dev.taper.revocation.Revocations;
import dev.taper.store.registry.Endings;
import org.jspecify.annotations.Nullable;

/** Where else to look up what is living, besides the audit log. */
final class ElsewhereOptions extends Arguments {
  private final RevocationListOptions revocations = part(new RevocationListOptions());
  private final RegistryOption registry = part(new RegistryOption());

  /** Looks there. */
  Endings read(Console console) {
    @Nullable Revocations list = revocations.lookUp(console);
    RegistryAccess access = registry.access(console);
    return access == null ? Endings.of(list, console.clock().instant()) : access.endings(list);
  }
}
