package dev.taper.cli.audit;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.Registries;
import dev.taper.cli.io.RevocationListInput;
import dev.taper.cli.revocation.RevocationsService;
import dev.taper.revocation.Revocations;
import dev.taper.store.registry.Endings;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where else to look what ended before its time.
 *
 * @param revocations a published list, or null
 * @param registry a registry's address, or null
 */
public record ElsewhereInput(@Nullable RevocationListInput revocations, @Nullable String registry) {
  /** Reads them. */
  Endings read(Console console) {
    Instant now = console.clock().instant();
    Revocations list =
        revocations == null ? null : new RevocationsService(console).lookUp(revocations);
    return registry == null
        ? Endings.of(list, now)
        : Registries.endings(console, registry, list, now);
  }
}
