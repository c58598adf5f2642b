package dev.taper.cli.catalog;

import dev.taper.JsonFields;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.output.JsonOption;

/** {@code taper catalog digest}. */
final class CatalogDigestCommand extends ConsoleCommand {
  private final CatalogInput input = part(new CatalogInput());
  private final JsonOption json = part(new JsonOption());

  CatalogDigestCommand(Console console) {
    super(
        console,
        "digest",
        "Print the SHA-256 digest of a catalog, by which records name it.",
        "White space and the order of members make no difference.");
  }

  @Override
  protected ExitCode run() {
    String digest = input.read(inputs).digest();
    if (json.json()) {
      printJson(new JsonFields().put("digest", digest));
    } else {
      print(digest);
    }
    return ExitCode.OK;
  }
}
