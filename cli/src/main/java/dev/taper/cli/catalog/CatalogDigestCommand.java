package dev.taper.cli.catalog;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;

/** {@code taper catalog digest}. */
final class CatalogDigestCommand extends ConsoleCommand {
  private final CatalogInput input = part(new CatalogInput());

  CatalogDigestCommand(Console console) {
    super(
        console,
        "digest",
        "Print the SHA-256 digest of a catalog, by which records name it.",
        "White space and the order of members make no difference.");
  }

  @Override
  protected ExitCode run() {
    console.out().println(input.read(new Inputs(console)).digest());
    return ExitCode.OK;
  }
}
