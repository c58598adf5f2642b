package dev.taper.cli.io;

import dev.taper.operations.Place;
import dev.taper.operations.registry.RegistryAccess;
import org.jspecify.annotations.Nullable;

/** The registry that a command writes to or reads. */
public final class RegistryOption extends Arguments {
  private final Value<@Nullable String> address =
      option(
              "--registry",
              "DB",
              "The registry: " + Place.DATABASE + " (the password from ~/.pgpass).")
          .text();

  /**
   * The registry, or null if none was given.
   *
   * @throws dev.taper.operations.OperationException if it is no database
   */
  public @Nullable RegistryAccess access(Console console) {
    return address.get() == null
        ? null
        : new RegistryAccess(console.workplace(), Place.database(address.get()));
  }

  /**
   * The registry's database.
   *
   * @throws CliException if none was given
   * @throws dev.taper.operations.OperationException if it is no database
   */
  public Place.Sql required() {
    if (address.get() == null) {
      throw CliException.usage("a registry is needed: use --registry sqlite:FILE");
    }
    return Place.database(address.get());
  }
}
