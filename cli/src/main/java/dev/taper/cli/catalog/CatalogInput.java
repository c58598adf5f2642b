package dev.taper.cli.catalog;

import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.CatalogOption;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Value;

/** The catalog that a command reads. */
final class CatalogInput extends Arguments {
  private final Value<String> file =
      parameter("0", "1", "CATALOG", "The catalog: a file, or -.").requiredText();

  ToolCatalog read(Inputs inputs) {
    return CatalogOption.read(inputs, file.get());
  }
}
