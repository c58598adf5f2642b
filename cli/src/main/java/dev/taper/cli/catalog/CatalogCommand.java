package dev.taper.cli.catalog;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import java.util.List;

/** {@code taper catalog}, a group. */
public final class CatalogCommand extends CommandGroup {
  /** Runs in the given console. */
  public CatalogCommand(Console console) {
    super(
        console,
        "catalog",
        List.of(
            new CatalogDraftCommand(console),
            new CatalogCheckCommand(console),
            new CatalogShowCommand(console),
            new CatalogDigestCommand(console)),
        "A service's catalog of tools: draft, check and show it.",
        "The catalog says what a call means, so that no caller says it for itself.");
  }
}
