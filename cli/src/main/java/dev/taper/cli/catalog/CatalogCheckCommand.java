package dev.taper.cli.catalog;

import dev.taper.JsonFields;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.Count;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** {@code taper catalog check}. */
final class CatalogCheckCommand extends JsonCommand {
  private final CatalogInput input = part(new CatalogInput());

  private final Value<@Nullable String> against =
      option(
              "--against",
              "FILE",
              "What the MCP server answers to tools/list now: names the tools whose definition is"
                  + " not the one that was pinned.")
          .text();

  CatalogCheckCommand(Console console) {
    super(
        console,
        "check",
        "Check a catalog, and whether a server still defines its tools as they were pinned.",
        "Exit 0 if nothing is found, else 1. A tool that changed is to be refused until somebody has"
            + " looked at it and pinned it again.");
  }

  @Override
  protected ExitCode run() {
    ToolCatalog catalog = input.read(inputs);
    List<String> changed = List.of();
    Set<String> known = new TreeSet<>();
    if (against.get() != null) {
      for (CatalogTool tool : catalog.tools().values()) {
        CatalogTool.McpRoute route = tool.mcp();
        if (route != null && route.name() != null) {
          known.add(route.name());
        }
      }
      changed = catalog.changed(inputs.text(Source.ofFile(against.get()), InputKind.TOOLS_LIST));
    }
    print(catalog, changed, known);
    return changed.isEmpty() ? ExitCode.OK : ExitCode.DENIED;
  }

  private void print(ToolCatalog catalog, List<String> changed, Set<String> known) {
    if (json.given()) {
      printJson(
          new JsonFields()
              .put("digest", catalog.digest())
              .put("tools", catalog.tools().size())
              .put("changed", changed.stream().filter(known::contains).toList())
              .put("unknown", changed.stream().filter(tool -> !known.contains(tool)).toList()));
      return;
    }
    Style style = Style.out(console);
    for (String tool : changed) {
      String what =
          known.contains(tool)
              ? " is not defined as it was pinned"
              : " is a tool that the catalog does not have";
      print(style.bad("CHANGED") + " " + SafeText.line(tool) + what);
    }
    String summary =
        Count.of(catalog.tools().size(), "tool") + ", " + Count.of(changed.size(), "finding");
    print(changed.isEmpty() ? style.good(summary) : style.bad(summary));
  }
}
