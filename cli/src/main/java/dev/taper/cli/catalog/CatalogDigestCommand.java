package dev.taper.cli.catalog;

import dev.taper.JsonFields;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.output.JsonCommand;

/** {@code taper catalog digest}. */
final class CatalogDigestCommand extends JsonCommand {
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
    String digest = input.read(inputs).digest();
    return answer(() -> new JsonFields().put("digest", digest), () -> print(digest));
  }
}
