package dev.taper.cli.io;

import dev.taper.agent.catalog.ToolCatalog;
import org.jspecify.annotations.Nullable;

/** The catalog that says what calls mean. */
public final class CatalogOption extends Arguments {
  private final Value<@Nullable String> catalog =
      option(
              "--catalog",
              "FILE",
              "The service's catalog of tools, which says what a call means. Without it, the request"
                  + " itself states its operation and resource.")
          .text();

  /**
   * Reads the catalog; null if none is given.
   *
   * @throws CliException if it cannot be read
   * @throws dev.taper.TaperException if it is none
   */
  public @Nullable ToolCatalog read(Inputs inputs) {
    return catalog.get() == null ? null : read(inputs, catalog.get());
  }

  /**
   * Reads a catalog.
   *
   * @throws CliException if it cannot be read
   * @throws dev.taper.TaperException if it is none
   */
  public static ToolCatalog read(Inputs inputs, String file) {
    return ToolCatalog.parse(inputs.text(Source.ofFile(file), InputKind.CATALOG));
  }
}
