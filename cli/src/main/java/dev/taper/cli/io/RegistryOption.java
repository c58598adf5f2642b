package dev.taper.cli.io;

import dev.taper.operations.Place;
import dev.taper.operations.registry.RegistryAccess;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The registry that a command writes to or reads. */
public final class RegistryOption {
  @Option(
      names = "--registry",
      paramLabel = "DB",
      description = "The registry: " + Place.DATABASE + " (the password from ~/.pgpass).")
  private @Nullable String address;

  /** True if a registry is given. */
  public boolean isGiven() {
    return address != null;
  }

  /**
   * The registry, or null if none was given.
   *
   * @throws dev.taper.operations.OperationException if it is no database
   */
  public @Nullable RegistryAccess access(Console console) {
    return address == null
        ? null
        : new RegistryAccess(console.workplace(), Place.database(address));
  }

  /**
   * The registry's database.
   *
   * @throws CliException if none was given
   * @throws dev.taper.operations.OperationException if it is no database
   */
  public Place.Sql required() {
    if (address == null) {
      throw CliException.usage("a registry is needed: use --registry sqlite:FILE");
    }
    return Place.database(address);
  }
}
