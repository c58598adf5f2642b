package dev.taper.cli.io;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The registry that a command tells of what it does, or reads. */
public final class RegistryOption {
  @Option(
      names = "--registry",
      paramLabel = "DB",
      description = "The registry: " + Place.DATABASE + " (the password from ~/.pgpass).")
  private @Nullable String address;

  /**
   * The database, or null if none was given.
   *
   * @throws CliException if it is no database
   */
  public Place.@Nullable Sql place() {
    return address == null ? null : Place.database(address);
  }

  /** The database's address, or null if none was given. */
  public @Nullable String address() {
    return address;
  }

  /**
   * The database's address.
   *
   * @throws CliException if none was given
   */
  public String required() {
    if (address == null) {
      throw CliException.usage("a registry is needed: use --registry sqlite:FILE");
    }
    return address;
  }
}
